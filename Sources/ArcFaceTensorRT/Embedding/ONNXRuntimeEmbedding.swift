import Foundation
import ONNXModel
import ONNXRuntime

/// A prepared model in ONNX Runtime.
final class ONNXRuntimeEmbedding: EmbeddingRuntime {
    let information: EmbedderInformation
    let concurrency: Int
    let maximumBatch: Int
    private let session: ONNXRuntimeSession

    /// On a CPU more faces a call cost more each, as activations outgrow the caches: MobileFaceNet took 3.1 ms a face at 4 and 8, 3.7 at 32.
    private static let cacheFriendlyBatch = 8
    /// Bounds the GPU memory of one call.
    private static let gpuBatch = 256

    /// How the threads are used.
    enum Threading: Sendable {
        /// All threads work on one call: the least time for each.
        case latency
        /// Each call has one thread, and as many calls as threads run at a time: the most faces a second, and nothing waits for a
        /// thread that decodes a photo.
        case throughput
    }

    /// Loads a prepared model.
    ///
    /// - Parameters:
    ///   - model: the prepared graph.
    ///   - path: where it came from, for messages.
    ///   - library: the loaded ONNX Runtime.
    ///   - threads: threads in all, 1 or more.
    ///   - threading: how they are used.
    ///   - device: CPU or a CUDA device.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    init(
        model: PreparedModel, path: String, library: ONNXRuntimeLibrary, threads: Int, threading: Threading,
        device: SessionOptions.Device
    ) throws(ArcFaceError) {
        let isCPU = device == .cpu
        let parallelCalls = isCPU && threading == .throughput
        concurrency = parallelCalls ? threads : 1
        maximumBatch = isCPU ? Self.cacheFriendlyBatch : Self.gpuBatch
        let options = SessionOptions(
            name: (path as NSString).lastPathComponent, device: device, intraOpThreads: parallelCalls ? 1 : threads,
            allowSpinning: !parallelCalls)
        do throws(ONNXRuntimeError) {
            session = try ONNXRuntimeSession.load(model.serialized(), options: options, library: library)
        } catch {
            throw ArcFaceError(error)
        }
        information = EmbedderInformation(
            backend: "onnxruntime", runtimeVersion: library.version,
            device: isCPU ? "CPU, \(threads) thread\(threads == 1 ? "" : "s")" : device.description,
            modelPath: path, embeddingWidth: model.embeddingWidth, preprocessing: model.preprocessingText,
            precision: Precision(model.precision), repairs: model.notes.map(\.description),
            calibration: model.calibration)
    }

    func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) {
        let faces = TensorView(
            name: FaceModel.inputName, elementType: .uint8, shape: [count, 112, 112, 3], bytes: pixels)
        let embedding = MutableTensorView(
            name: FaceModel.outputName, shape: [count, information.embeddingWidth], elements: output)
        do throws(ONNXRuntimeError) {
            try session.run([faces], into: [embedding])
        } catch {
            throw ArcFaceError(error)
        }
    }
}

extension ArcFaceError {
    /// An error of ONNX Runtime, told in the facade's terms.
    init(_ error: ONNXRuntimeError) {
        let code: Code =
            switch error.code {
            case .libraryUnavailable, .unsupportedVersion, .environment, .deviceUnavailable: .unavailable
            case .modelRefused: .modelUnusable
            case .cancelled: .cancelled
            default: .runtimeFailed
            }
        self = code == .cancelled ? .cancelled : ArcFaceError(code, error.description)
    }

    /// An error of a model's file or graph, told in the facade's terms.
    init(_ error: ONNXModelError) {
        let code: Code =
            switch error.code {
            case .unreadableFile: .modelMissing
            case .unwritableFile: .outputUnwritable
            default: .modelUnusable
            }
        self.init(code, error.description)
    }
}

extension ONNXRuntimeSession {
    /// Loads a model from bytes in an array, which are read during the call only.
    static func load(
        _ model: [UInt8], options: SessionOptions, library: ONNXRuntimeLibrary
    ) throws(ONNXRuntimeError) -> ONNXRuntimeSession {
        try model.withUnsafeBufferPointer { (bytes) throws(ONNXRuntimeError) in
            try ONNXRuntimeSession(model: UnsafeRawBufferPointer(bytes), options: options, library: library)
        }
    }
}

extension PreparedModel {
    /// The preprocessing and where it came from: `RGB, (x - 127.5) / 128.0 (found in the graph)`.
    var preprocessingText: String { "\(preprocessing) (\(preprocessingSource.text))" }
}

extension PreparedModel.PreprocessingSource {
    /// For people.
    var text: String {
        switch self {
        case .graph: "found in the graph"
        case .given: "as configured"
        case .default: "ArcFace's usual one, assumed"
        }
    }
}

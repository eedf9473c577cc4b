import Foundation
import ONNXModel
import PyTorchReference

/// From the configuration to a network in a Python process.
enum PyTorchLoading {
    /// Larger batches gain nothing on a CPU.
    private static let largestOnCPU = 32
    /// Bounds the GPU memory of one call.
    private static let largestOnGPU = 256

    /// Starts the Python and loads the checkpoint, or else the repaired graph.
    ///
    /// - Parameters:
    ///   - configuration: `pytorch`, `tensorrt.onnx_path`, `preprocessing` and `onnxruntime.threads` are used.
    ///   - pythons: where a Python is looked for.
    /// - Returns: on a GPU, a `StageTimedRuntime`.
    /// - Throws: `ArcFaceError`: `unavailable` where there is no such Python, torch or GPU.
    static func runtime(
        _ configuration: ArcFaceConfiguration, pythons: PythonSurroundings
    ) throws(ArcFaceError) -> any EmbeddingRuntime {
        let settings = configuration.pyTorch
        let onGPU = settings.device == .cuda
        if configuration.embedding.requireGPU, !onGPU {
            throw ArcFaceError(
                .unavailable, "a GPU is required, and pytorch runs on the CPU", at: "embedding.require_gpu",
                mend: "set pytorch.device: cuda, or drop the requirement")
        }
        if settings.mode.isHalf, !onGPU {
            throw ArcFaceError(
                .configuration, "\(settings.mode.rawValue) needs a GPU: PyTorch has no float16 convolution on a CPU",
                at: "pytorch.mode", mend: "set pytorch.device: cuda, or pytorch.mode: fp32")
        }
        let model = try PyTorchModel(configuration)
        let network = PyTorchNetwork(
            source: model.source, device: settings.device.rawValue, mode: settings.mode.rawValue,
            capacity: onGPU ? largestOnGPU : largestOnCPU, threads: configuration.onnxRuntime.threadCount)
        let embedding: PyTorchEmbedding
        do throws(PyTorchError) {
            let reference = try PyTorchReference(network, surroundings: pythons, log: RuntimeLog.python)
            embedding = try PyTorchEmbedding(reference, model: model, network: network)
        } catch {
            throw ArcFaceError(error)
        }
        return onGPU ? PyTorchOnGPU(embedding) : embedding
    }
}

extension PyTorchMode {
    /// True for float16.
    var isHalf: Bool {
        switch self {
        case .fp16, .compileFP16: true
        case .fp32, .tf32: false
        }
    }
}

extension ArcFaceError {
    /// An error of the Python process, told in the facade's terms.
    init(_ error: PyTorchError) {
        let code: Code =
            switch error.code {
            case .pythonMissing, .torchMissing, .torchBroken, .torchTooOld, .converterMissing, .cudaMissing:
                .unavailable
            case .modeUnsupported: .configuration
            case .modelUnusable, .checkpointUnusable: .modelUnusable
            case .fileMissing: .modelMissing
            case .outOfMemory, .died, .timedOut, .failed: .runtimeFailed
            }
        self.init(code, error.what, at: error.python.map { "pytorch: \($0)" } ?? "pytorch", mend: error.mend)
    }
}

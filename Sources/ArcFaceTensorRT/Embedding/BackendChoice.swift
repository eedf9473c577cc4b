import Foundation
import ONNXModel
import ONNXRuntime

/// Which runtime a configuration comes to, and what the user should be told about it.
///
/// `auto` takes the first that works; a backend that was named and can't run is an error, never a fallback.
struct BackendChoice {
    let runtime: any EmbeddingRuntime
    /// One line for each thing that isn't as it was asked for.
    let warnings: [String]
    /// ONNX Runtime, which runs the detector whatever runs the model.
    let library: ONNXRuntimeLibrary

    /// Chooses a backend and loads the model.
    ///
    /// - Throws: `ArcFaceError`, with the mend in it.
    init(
        configuration: ArcFaceConfiguration, threading: ONNXRuntimeEmbedding.Threading
    ) throws(ArcFaceError) {
        let (backend, warning) = try Self.backend(for: configuration)
        warnings = warning.map { [$0] } ?? []
        let wantsGPU = configuration.onnxRuntime.device == .cuda
        if configuration.embedding.requireGPU, !wantsGPU {
            throw ArcFaceError(
                .unavailable, "a GPU is required, and \(backend.rawValue) runs on the CPU", at: "embedding.require_gpu",
                mend: "set onnxruntime.device: cuda where onnxruntime-gpu is installed, or drop the requirement")
        }
        library = try Self.library(configuration)
        runtime = try Self.runtime(configuration, library: library, threading: threading, onGPU: wantsGPU)
    }

    /// The backend to run, with a warning if it isn't the one that the configuration names.
    private static func backend(
        for configuration: ArcFaceConfiguration
    ) throws(ArcFaceError) -> (Backend, String?) {
        guard configuration.isEnabled else {
            let wanted = configuration.embedding.fallback
            if wanted == .onnxRuntime { return (.onnxRuntime, nil) }
            return (
                .onnxRuntime,
                "arcface_tensorrt.enabled is false and its fallback \(wanted.rawValue) is not part of this version: "
                    + "using onnxruntime (set embedding.fallback: onnxruntime to silence this)"
            )
        }
        switch configuration.embedding.backend {
        case .onnxRuntime: return (.onnxRuntime, nil)
        case .auto:
            return (
                .onnxRuntime,
                "auto: tensorrt, tensorrt-rtx and cuda are not part of this version: using onnxruntime "
                    + "(set embedding.backend: onnxruntime to silence this)"
            )
        case let named:
            throw ArcFaceError(
                .unavailable, "the backend \(named.rawValue) is not part of this version", at: "embedding.backend",
                mend: "use onnxruntime, or auto")
        }
    }

    /// ONNX Runtime, from where the configuration says or where it is usually installed.
    static func library(_ configuration: ArcFaceConfiguration) throws(ArcFaceError) -> ONNXRuntimeLibrary {
        do throws(ONNXRuntimeError) {
            return try ONNXRuntimeLibrary(
                search: .onnxRuntime(path: configuration.onnxRuntime.libraryPath, source: "onnxruntime.library_path"),
                logHandler: RuntimeLog.write)
        } catch {
            throw ArcFaceError(error)
        }
    }

    private static func runtime(
        _ configuration: ArcFaceConfiguration, library: ONNXRuntimeLibrary, threading: ONNXRuntimeEmbedding.Threading,
        onGPU: Bool
    ) throws(ArcFaceError) -> ONNXRuntimeEmbedding {
        let path = configuration.tensorRT.onnxPath
        let model: PreparedModel
        do throws(ONNXModelError) {
            let prepared = try FaceModel.prepare(
                path: path, preprocessing: configuration.preprocessing.explicit,
                target: onGPU ? .portable : .onnxruntimeCPU)
            model =
                try configuration.onnxRuntime.precision.map { precision throws(ONNXModelError) in
                    try prepared.converted(to: precision.inGraph)
                } ?? prepared
        } catch {
            throw ArcFaceError(error)
        }
        return try ONNXRuntimeEmbedding(
            model: model, path: path, library: library, threads: configuration.onnxRuntime.threadCount,
            threading: threading, device: onGPU ? .cuda(ordinal: 0) : .cpu)
    }
}

extension ONNXRuntimeConfiguration {
    /// Threads to use: as configured, or one for each core that this process may run on.
    package var threadCount: Int {
        threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount
    }
}

extension PreprocessingConfiguration {
    /// The preprocessing that was asked for, nil if the graph shall tell; what is left out takes ArcFace's usual value.
    var explicit: Preprocessing? {
        guard !isDetected else { return nil }
        let usual = Preprocessing()
        return Preprocessing(
            color: color ?? usual.color, mean: mean.map { Float($0) } ?? usual.mean,
            scale: scale.map { Float($0) } ?? usual.scale)
    }
}

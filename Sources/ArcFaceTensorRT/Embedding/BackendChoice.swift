import Foundation
import ONNXModel
import ONNXRuntime
import PyTorchReference

/// Which runtime a configuration comes to, and what the user should be told about it.
///
/// `auto` takes the first that works; a backend that was named and can't run is an error, never a fallback. The rollback to PyTorch
/// alone gives way to ONNX Runtime, where there is no Python for it.
struct BackendChoice {
    let runtime: any EmbeddingRuntime
    /// One line for each thing that isn't as it was asked for.
    let warnings: [String]
    private let configuration: ArcFaceConfiguration
    /// ONNX Runtime, if it was needed for the model.
    private let loaded: ONNXRuntimeLibrary?

    /// Chooses a backend and loads the model. NVIDIA's libraries are loaded only for a backend that needs them, and for
    /// `auto`, never while `arcface_tensorrt.enabled` is false.
    ///
    /// - Parameters:
    ///   - configuration: says what is wanted.
    ///   - threading: how ONNX Runtime uses its threads.
    ///   - search: where NVIDIA's libraries are looked for; nil is where the configuration says.
    ///   - engines: where engines come from.
    ///   - pythons: where a Python is looked for; nil is where the configuration says.
    ///   - hooks: who follows the preparation of a model whose precision takes a while to write.
    /// - Throws: `ArcFaceError`, with the mend in it.
    init(
        configuration: ArcFaceConfiguration, threading: ONNXRuntimeEmbedding.Threading,
        search: NVIDIASearch? = nil, engines: any EngineProvider = StoredEngines(),
        pythons: PythonSurroundings? = nil, hooks: PreparationHooks = PreparationHooks()
    ) throws(ArcFaceError) {
        self.configuration = configuration
        var warning: String?
        var reason: String?
        let pythons = pythons ?? PythonSurroundings(python: configuration.pyTorch.python)
        if !configuration.isEnabled {
            if configuration.embedding.fallback == .pyTorch {
                do throws(ArcFaceError) {
                    runtime = try PyTorchLoading.runtime(configuration, pythons: pythons)
                    (warnings, loaded) = ([], nil)
                    return
                } catch {
                    guard error.code == .unavailable, configuration.mayRollBackToONNXRuntime else { throw error }
                    warning =
                        "arcface_tensorrt.enabled is false and its fallback pytorch can't run: \(error): using "
                        + "onnxruntime (set embedding.fallback: onnxruntime to silence this)"
                }
            }
        } else {
            switch configuration.embedding.backend {
            case .onnxRuntime: break
            case .tensorRT, .tensorRTRTX, .cuda, .auto:
                do throws(ArcFaceError) {
                    (runtime, loaded) = try Self.engine(
                        configuration, threading, search ?? NVIDIASearch(configuration), engines, hooks)
                    warnings = (runtime as? any EngineEmbedding)?.warnings ?? []
                    return
                } catch {
                    reason = try Self.reasonToFallBack(error, configuration.embedding.backend)
                    warning = reason.map {
                        "auto: using onnxruntime, as \($0); set embedding.backend: onnxruntime to silence this"
                    }
                }
            case .pyTorch:
                runtime = try PyTorchLoading.runtime(configuration, pythons: pythons)
                (warnings, loaded) = ([], nil)
                return
            }
        }
        try Self.requireGPU(configuration, reason: reason)
        (runtime, loaded) = try Self.onnxRuntime(configuration, threading, hooks)
        warnings = warning.map { [$0] } ?? []
    }

    /// ONNX Runtime, which runs the detector whatever runs the model.
    var library: ONNXRuntimeLibrary {
        get throws(ArcFaceError) {
            if let loaded { return loaded }
            return try Self.library(configuration)
        }
    }

    /// The engine that is asked for, or what embeds until it is built, with the ONNX Runtime that this needs.
    private static func engine(
        _ configuration: ArcFaceConfiguration, _ threading: ONNXRuntimeEmbedding.Threading, _ search: NVIDIASearch,
        _ engines: any EngineProvider, _ hooks: PreparationHooks
    ) throws(ArcFaceError) -> (any EmbeddingRuntime, ONNXRuntimeLibrary?) {
        var library: ONNXRuntimeLibrary?
        let loading = try EngineLoading(devices: configuration.tensorRT.gpus, search: search)
        let runtime = try loading.runtime(for: configuration, engines: engines) { () throws(ArcFaceError) in
            let (fallback, own) = try onnxRuntime(configuration, threading, hooks)
            library = own
            return fallback
        }
        return (runtime, library)
    }

    /// Why `auto` takes another backend. A list of GPUs that makes no sense is a mistake to mend, not a reason, and who stops a build
    /// wants no other.
    private static func reasonToFallBack(_ error: ArcFaceError, _ backend: Backend) throws(ArcFaceError) -> String {
        if error.code == .configuration || error.code == .cancelled { throw error }
        // The error tells of a library or a GPU, not of the setting that asked for it.
        guard backend == .auto else {
            throw ArcFaceError(
                error.code, "the backend \(backend.rawValue) can't run: \(error)", at: "embedding.backend")
        }
        return "tensorrt, tensorrt-rtx and cuda can't run: \(error)"
    }

    /// The model in ONNX Runtime.
    static func onnxRuntime(
        _ configuration: ArcFaceConfiguration, _ threading: ONNXRuntimeEmbedding.Threading,
        _ hooks: PreparationHooks = PreparationHooks()
    ) throws(ArcFaceError) -> (any EmbeddingRuntime, ONNXRuntimeLibrary) {
        let library = try library(configuration)
        let runtime = try runtime(
            configuration, library: library, threading: threading, onGPU: configuration.onnxRuntime.device == .cuda,
            hooks: hooks)
        return (runtime, library)
    }

    /// Refuses ONNX Runtime on the CPU where a GPU is asked for; the reason is why nothing better runs.
    private static func requireGPU(_ configuration: ArcFaceConfiguration, reason: String?) throws(ArcFaceError) {
        guard configuration.embedding.requireGPU, configuration.onnxRuntime.device != .cuda else { return }
        throw ArcFaceError(
            .unavailable,
            "a GPU is required, and onnxruntime runs on the CPU" + (reason.map { "; \($0)" } ?? ""),
            at: "embedding.require_gpu",
            mend:
                "mend what keeps TensorRT from running, set onnxruntime.device: cuda where onnxruntime-gpu is "
                + "installed, or drop the requirement")
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
        onGPU: Bool, hooks: PreparationHooks
    ) throws(ArcFaceError) -> ONNXRuntimeEmbedding {
        let path = configuration.tensorRT.onnxPath
        let model = try ModelPreparation.forEmbedding(
            configuration, target: onGPU ? .tensorrt : .onnxruntime, hooks: hooks)
        return try ONNXRuntimeEmbedding(
            model: model, path: path, library: library, threads: configuration.onnxRuntime.threadCount,
            threading: threading, device: onGPU ? .cuda(ordinal: 0) : .cpu)
    }
}

extension ArcFaceConfiguration {
    /// Whether ONNX Runtime on the CPU does what the rollback to PyTorch was asked for: the same model, and nothing was said about a
    /// Python or a device.
    fileprivate var mayRollBackToONNXRuntime: Bool {
        pyTorch.python == nil && pyTorch.checkpoint == nil && pyTorch.device == .cpu
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

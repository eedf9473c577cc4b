import EngineStore

/// The way from a path or a configuration to an engine that runs.
struct EngineLoading {
    private let gpus: GPUSet
    private let search: NVIDIASearch

    /// Starts the driver and looks at the GPUs: without one nothing else is looked at.
    ///
    /// - Throws: `ArcFaceError` with code `.unavailable`, or `.configuration` for a list of GPUs that makes no sense.
    init(devices: [Int], search: NVIDIASearch) throws(ArcFaceError) {
        gpus = try search.gpus(devices)
        self.search = search
    }

    /// Loads the engine at a path, in the runtime that its manifest names.
    func embedding(enginePath: String) throws(ArcFaceError) -> any EngineEmbedding {
        let stored: StoredEngine
        do throws(EngineStoreError) {
            stored = try EngineFolder.engine(at: enginePath)
        } catch {
            throw ArcFaceError(error)
        }
        let machine = try machine(stored.manifest.runtime.name)
        // Before a gigabyte is read.
        try machine.check(stored)
        let loaded: LoadedEngine
        do throws(EngineStoreError) {
            loaded = try EngineFolder(path: stored.folder).load(stored)
        } catch {
            throw ArcFaceError(error)
        }
        return try machine.tools.load(loaded, on: gpus, model: nil)
    }

    /// Loads the engine that a configuration asks for, in the runtime that it names; in the first that works, if it names
    /// none.
    func embedding(
        _ configuration: ArcFaceConfiguration, engines: any EngineProvider
    ) throws(ArcFaceError) -> any EngineEmbedding {
        switch configuration.embedding.backend {
        case .tensorRT: return try embedding(configuration, .tensorrt, engines)
        case .tensorRTRTX: return try embedding(configuration, .tensorrtRTX, engines)
        case .auto:
            var reasons: [String] = []
            for runtime in [EngineRuntime.tensorrt, .tensorrtRTX] {
                do throws(ArcFaceError) {
                    return try embedding(configuration, runtime, engines)
                } catch {
                    reasons.append("\(runtime.rawValue): \(error)")
                }
            }
            throw ArcFaceError(.unavailable, reasons.joined(separator: "; "))
        case let other:
            throw ArcFaceError(
                .configuration, "\(other.rawValue) is not TensorRT", at: "embedding.backend",
                mend: "set it to tensorrt, tensorrt-rtx or auto, or use ArcFaceEmbedder")
        }
    }

    private func embedding(
        _ configuration: ArcFaceConfiguration, _ runtime: EngineRuntime, _ engines: any EngineProvider
    ) throws(ArcFaceError) -> any EngineEmbedding {
        let machine = try machine(runtime)
        let request = try EngineRequest(configuration, on: machine)
        return try machine.tools.load(try engines.engine(for: request), on: gpus, model: request.model)
    }

    private func machine(_ runtime: EngineRuntime) throws(ArcFaceError) -> EngineMachine {
        EngineMachine(tools: try search.tools(of: runtime, for: .running), gpus: gpus)
    }
}

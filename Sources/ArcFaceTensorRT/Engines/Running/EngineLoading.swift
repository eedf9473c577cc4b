import EngineStore

/// The way from a path or a configuration to an engine that runs.
struct EngineLoading: Sendable {
    private let gpus: GPUSet
    private let search: NVIDIASearch

    /// Starts the driver and looks at the GPUs: without one nothing else is looked at.
    ///
    /// - Throws: `ArcFaceError` with code `.unavailable`, or `.configuration` for a list of GPUs that makes no sense.
    init(devices: [Int], search: NVIDIASearch) throws(ArcFaceError) {
        gpus = try search.gpus(devices)
        self.search = search
    }

    /// Loads the engine at a path, in the runtime that its manifest names, and where several versions of it are installed
    /// in the one that built it.
    ///
    /// - Parameters:
    ///   - enginePath: the plan's path.
    ///   - trust: whose engines may be loaded.
    /// - Returns: the engine, ready.
    /// - Throws: `ArcFaceError` if it is missing, altered, not trusted, or not for this machine.
    func embedding(enginePath: String, trust: EngineTrust) throws(ArcFaceError) -> any EngineEmbedding {
        let stored: StoredEngine
        do throws(EngineStoreError) {
            stored = try EngineFolder.engine(at: enginePath, trust: trust)
        } catch {
            throw ArcFaceError(error)
        }
        let runtime = stored.manifest.runtime
        let machine = try machine(runtime.name, preferring: runtime.version)
        // Before a gigabyte is read.
        try machine.check(stored)
        let loaded: LoadedEngine
        do throws(EngineStoreError) {
            loaded = try EngineFolder(path: stored.folder, trust: trust).load(stored)
        } catch {
            throw ArcFaceError(error)
        }
        return try machine.tools.load(loaded, on: gpus, model: nil)
    }

    /// Loads the engine that a configuration asks for, in the runtime that it names; in the first that works, if it names
    /// none.
    func embedding(
        _ configuration: ArcFaceConfiguration, engines: any EngineProvider,
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) throws(ArcFaceError) -> any EngineEmbedding {
        var failures: [Failure] = []
        for runtime in try Self.runtimes(configuration) {
            do throws(ArcFaceError) {
                let (machine, request) = try request(configuration, runtime)
                let engine = try engines.engine(for: request, shouldStop: shouldStop)
                return try machine.tools.load(engine, on: gpus, model: request.model)
            } catch {
                failures.append(Failure(runtime: runtime, error: error))
            }
        }
        throw Self.summary(failures)
    }

    /// What of a configuration's engine is there.
    enum Stored {
        /// It is stored, and loaded now.
        case ready(any EngineEmbedding)
        /// It would have to be built.
        case missing
    }

    /// Loads the engine that a configuration asks for if it is stored; otherwise as `embedding`.
    ///
    /// - Throws: `ArcFaceError` if no runtime can run here, whether or not an engine were built.
    func stored(_ configuration: ArcFaceConfiguration) throws(ArcFaceError) -> Stored {
        var failures: [Failure] = []
        var isMissing = false
        for runtime in try Self.runtimes(configuration) {
            do throws(ArcFaceError) {
                let (machine, request) = try request(configuration, runtime)
                switch try request.stored() {
                case .success(let engine):
                    return .ready(try machine.tools.load(engine, on: gpus, model: request.model))
                case .failure: isMissing = true
                }
            } catch {
                failures.append(Failure(runtime: runtime, error: error))
            }
        }
        if isMissing { return .missing }
        throw Self.summary(failures)
    }

    private struct Failure {
        let runtime: EngineRuntime
        let error: ArcFaceError
    }

    private static func summary(_ failures: [Failure]) -> ArcFaceError {
        if failures.count == 1, let only = failures.first { return only.error }
        return ArcFaceError(
            .unavailable, failures.map { "\($0.runtime.rawValue): \($0.error)" }.joined(separator: "; "))
    }

    private static func runtimes(_ configuration: ArcFaceConfiguration) throws(ArcFaceError) -> [EngineRuntime] {
        switch configuration.embedding.backend {
        case .tensorRT: return [.tensorrt]
        case .tensorRTRTX: return [.tensorrtRTX]
        case .cuda: return [.cuda]
        case .auto: return [.tensorrt, .tensorrtRTX, .cuda]
        case let other:
            throw ArcFaceError(
                .configuration, "\(other.rawValue) runs no engines", at: "embedding.backend",
                mend: "set it to tensorrt, tensorrt-rtx, cuda or auto, or use ArcFaceEmbedder")
        }
    }

    private func request(
        _ configuration: ArcFaceConfiguration, _ runtime: EngineRuntime
    ) throws(ArcFaceError) -> (EngineMachine, EngineRequest) {
        // Where several versions are installed, an engine must not become stale because another is usually taken.
        let built = configuration.builtEngine(of: runtime, sm: gpus.sm)
        let machine = try machine(runtime, preferring: built?.manifest.runtime.version)
        return (machine, try EngineRequest(configuration, on: machine, search: search))
    }

    private func machine(
        _ runtime: EngineRuntime, preferring version: EngineVersion?
    ) throws(ArcFaceError) -> EngineMachine {
        EngineMachine(tools: try search.tools(of: runtime, for: .running, preferring: version), gpus: gpus)
    }
}

extension ArcFaceConfiguration {
    /// The stored engine that has the wanted name. Whether it can be used, and why not, is another question.
    ///
    /// - Parameters:
    ///   - runtime: whose engine.
    ///   - sm: the GPU's compute capability times ten; nil without one.
    /// - Returns: the engine; nil if there is none.
    func builtEngine(of runtime: EngineRuntime, sm: Int?) -> StoredEngine? {
        guard let target = EngineTarget(runtime: runtime, sm: sm),
            let name = try? EngineName(model: tensorRT.modelName, precision: tensorRT.precision.stored, target: target)
        else { return nil }
        return try? engineFolder.engine(named: name)
    }
}

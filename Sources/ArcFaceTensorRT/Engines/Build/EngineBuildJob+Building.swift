import EngineStore
import TensorRT

extension EngineBuildJob {
    /// Builds and stores, unless another process has done so while this one waited for the lock.
    ///
    /// - Returns: nil if the job was stopped.
    func build(
        _ model: EngineModel, _ key: EngineKey, _ machine: EngineMachine, holding lock: borrowing EngineLock,
        since start: ContinuousClock.Instant, shouldStop: @escaping @Sendable () -> Bool,
        report: @escaping @Sendable (Event) -> Void
    ) throws(ArcFaceError) -> Summary? {
        var reason = "asked for with --force"
        if !options.force {
            do throws(EngineStoreError) {
                switch try folder.find(key) {
                case .hit(let engine):
                    return Summary(engine, isNew: false, elapsed: ContinuousClock.now - start)
                case .miss(let miss): reason = miss.description
                }
            } catch {
                throw ArcFaceError(error)
            }
        }
        report(.message("building with \(machine.library.name): \(reason)"))
        let cache = TimingCacheFile(named: options.timingCachePath, folder: folder.path, machine: machine)
        let earlier = try cache?.read()
        guard
            let built = try engine(
                model, machine, timingCache: earlier, shouldStop: shouldStop, report: report)
        else { return nil }
        let engine = try store(built, model, key, machine, holding: lock)
        let refusals = built.warnings.filter(TimingCacheFile.isRefusal)
        for warning in built.warnings where !TimingCacheFile.isRefusal(warning) {
            report(.message("TensorRT: \(warning.message)"))
        }
        let usedCache = built.usedTimingCache && refusals.isEmpty
        if let cache {
            if earlier != nil, !usedCache {
                report(.message("TensorRT didn't take the timing cache \(cache.path); a new one replaces it"))
            }
            if let failure = cache.write(built.timingCache) { report(.message(failure)) }
        }
        var summary = Summary(engine, isNew: true, elapsed: ContinuousClock.now - start)
        summary.reason = reason
        summary.layerCount = built.layerCount
        summary.buildTime = built.buildDuration
        summary.float32Nodes = model.float32Nodes
        summary.timingCache = cache?.path
        summary.usedTimingCache = usedCache
        return summary
    }

    private func engine(
        _ model: EngineModel, _ machine: EngineMachine, timingCache: [UInt8]?,
        shouldStop: @escaping @Sendable () -> Bool, report: @escaping @Sendable (Event) -> Void
    ) throws(ArcFaceError) -> BuiltEngine? {
        let tally = BuildProgressTally()
        do throws(TensorRTError) {
            let builder = try TensorRTBuilder(machine.library)
            return try builder.build(
                .bytes(model.graph), options: buildOptions(machine, timingCache: timingCache),
                progress: { progress in
                    report(.progress(tally.add(progress)))
                    return !shouldStop()
                })
        } catch {
            if error.code == .cancelled { return nil }
            var error = error
            // The graph was made in memory; what the user knows is the file.
            if error.where == "the model" { error.where = configuration.tensorRT.onnxPath }
            throw ArcFaceError(error)
        }
    }

    private func buildOptions(_ machine: EngineMachine, timingCache: [UInt8]?) -> BuildOptions {
        let profiles = batchFacts.profiles.map {
            TensorRT.BatchProfile(minimum: $0.min, optimum: $0.opt, maximum: $0.max)
        }
        let bytes = configuration.tensorRT.workspaceSizeMB << 20
        return BuildOptions(
            profiles: (0..<batchFacts.streams).flatMap { _ in profiles }, workspaceByteCount: bytes,
            optimizationLevel: options.optimizationLevel,
            hardwareCompatibility: options.hardwareCompatibility.inBuilder,
            isVersionCompatible: options.versionCompatible, computeCapabilities: options.computeCapabilities,
            timingCache: timingCache,
            precisions: machine.library.capabilities.precisionIsAnOption ? precisionFlags : [])
    }

    /// TensorRT 8.6 takes the graph's number formats only where these allow them.
    private var precisionFlags: Set<BuildOptions.Precision> {
        switch configuration.tensorRT.precision {
        case .fp32: []
        case .fp16: [.fp16]
        case .int8: [.int8]
        }
    }

    private func store(
        _ built: BuiltEngine, _ model: EngineModel, _ key: EngineKey, _ machine: EngineMachine,
        holding lock: borrowing EngineLock
    ) throws(ArcFaceError) -> StoredEngine {
        let manifest = EngineManifest(
            plan: built.plan.withUnsafeBytes { PlanFacts(of: $0) },
            model: ModelFacts(name: key.name.model, onnx: key.onnx, prepared: model.digest),
            precision: key.name.precision, batch: batchFacts,
            runtime: RuntimeFacts(name: machine.runtime, version: machine.version), builtOn: machine.facts,
            preprocessing: model.preprocessing, embeddingWidth: model.embeddingWidth, builder: builderOptions,
            calibration: model.calibration, toolVersion: ToolVersion.current)
        do throws(EngineStoreError) {
            let writer = try PlanWriter(holding: lock)
            try built.plan.withUnsafeBytes { bytes in
                Result { () throws(EngineStoreError) in try writer.append(bytes) }
            }.get()
            return try writer.commit(manifest)
        } catch {
            throw ArcFaceError(error)
        }
    }
}

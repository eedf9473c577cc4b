import EngineStore

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
        let folder = try folder
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
        let exchange = try TeamExchange(configuration, shouldStop: shouldStop) { report($0) }
        var lease: (any EngineLease)?
        if let exchange, !options.force {
            switch try exchange.obtain(key, into: folder, holding: lock) {
            case .engine(let engine): return Summary(engine, isNew: false, elapsed: ContinuousClock.now - start)
            case .build(let claim): lease = claim
            case .stopped: return nil
            }
        }
        defer { lease?.release() }
        let acceptance = try AcceptanceRun.prepared(
            options.acceptance ?? (configuration.tensorRT.accept ? .whereAvailable : .off), on: machine,
            configuration: configuration, report: report)
        report(.message("building with \(machine.tools.name): \(reason)"))
        let cache = TimingCacheFile(named: options.timingCachePath, folder: folder.path, machine: machine)
        let earlier = try cache?.read()
        guard
            let built = try engine(
                model, machine, timingCache: earlier, shouldStop: shouldStop, report: report)
        else { return nil }
        var manifest = manifest(built, model, key, machine)
        let proof: Proof?
        do throws(ArcFaceError) {
            proof =
                try acceptance.map { (run) throws(ArcFaceError) in
                    try run.proof(
                        of: Self.verified(built, manifest, in: folder), shouldStop: shouldStop, report: report)
                } ?? nil
        } catch {
            if error.code == .cancelled { return nil }
            throw error
        }
        manifest.acceptance = proof?.acceptance
        if let reason = proof?.rejection {
            let path = try reject(built, manifest, because: reason, holding: lock)
            return Summary(rejected: path, manifest, because: reason, elapsed: ContinuousClock.now - start)
        }
        let engine = try store(built, manifest, holding: lock)
        exchange?.offer(engine, replacing: options.force)
        try configuration.clearOut(folder, keeping: engine) { report(.message($0)) }
        for line in built.warnings + built.notes { report(.message(line)) }
        if let cache {
            if earlier != nil, !built.usedTimingCache, !built.timingCache.isEmpty {
                report(
                    .message("\(machine.tools.name) didn't take the timing cache \(cache.path); a new one replaces it"))
            }
            if let failure = cache.write(built.timingCache) { report(.message(failure)) }
        }
        var summary = Summary(engine, isNew: true, elapsed: ContinuousClock.now - start)
        summary.reason = reason
        summary.layerCount = built.layerCount
        summary.buildTime = built.buildDuration
        summary.float32Nodes = model.float32Nodes
        summary.timingCache = built.timingCache.isEmpty ? nil : cache?.path
        summary.usedTimingCache = built.usedTimingCache
        return summary
    }

    private func engine(
        _ model: EngineModel, _ machine: EngineMachine, timingCache: [UInt8]?,
        shouldStop: @escaping @Sendable () -> Bool, report: @escaping @Sendable (Event) -> Void
    ) throws(ArcFaceError) -> EngineProduct? {
        let order = EngineOrder(
            graph: model.graph, name: configuration.tensorRT.onnxPath,
            precision: configuration.tensorRT.precision.stored, batch: batchFacts, options: builderOptions,
            timingCache: timingCache)
        return try machine.tools.build(order, on: machine.gpus) { progress in
            report(.progress(progress))
            return !shouldStop()
        }
    }

    /// What was built, as an engine of the folder that it isn't in yet.
    private static func verified(
        _ built: EngineProduct, _ manifest: EngineManifest, in folder: EngineFolder
    ) throws(ArcFaceError) -> LoadedEngine {
        let loaded = built.plan.withUnsafeBytes { bytes in
            Result { () throws(EngineStoreError) in try LoadedEngine(bytes, manifest: manifest, for: folder) }
        }
        do throws(EngineStoreError) {
            return try loaded.get()
        } catch {
            throw ArcFaceError(error)
        }
    }

    private func manifest(
        _ built: EngineProduct, _ model: EngineModel, _ key: EngineKey, _ machine: EngineMachine
    ) -> EngineManifest {
        var place = machine.facts
        if let sm = targetCapability(machine), sm != place.sm {
            // Built here for a GPU that is elsewhere.
            place.sm = sm
            place.gpu = nil
        }
        var builder = builderOptions
        builder.tiles = built.tiles
        return EngineManifest(
            plan: built.plan.withUnsafeBytes { PlanFacts(of: $0) },
            model: ModelFacts(
                name: key.name.model, onnx: key.onnx, prepared: model.digest, license: options.license),
            precision: key.name.precision, batch: batchFacts,
            runtime: RuntimeFacts(name: machine.tools.runtime, version: machine.version), builtOn: place,
            preprocessing: model.preprocessing, embeddingWidth: model.embeddingWidth, builder: builder,
            calibration: model.calibration, toolVersion: ToolVersion.current)
    }

    private func store(
        _ built: EngineProduct, _ manifest: EngineManifest, holding lock: borrowing EngineLock
    ) throws(ArcFaceError) -> StoredEngine {
        let signer = try EngineSigner(configuration.storage)
        do throws(EngineStoreError) {
            return try writer(of: built, holding: lock).commit(signer.signed(manifest))
        } catch {
            throw ArcFaceError(error)
        }
    }

    private func reject(
        _ built: EngineProduct, _ manifest: EngineManifest, because reason: String, holding lock: borrowing EngineLock
    ) throws(ArcFaceError) -> String {
        do throws(EngineStoreError) {
            return try writer(of: built, holding: lock).reject(manifest, reason: reason)
        } catch {
            throw ArcFaceError(error)
        }
    }

    /// The plan on the disk, under no name yet.
    private func writer(
        of built: EngineProduct, holding lock: borrowing EngineLock
    ) throws(EngineStoreError) -> PlanWriter {
        let writer = try PlanWriter(holding: lock)
        try built.plan.withUnsafeBytes { bytes in
            Result { () throws(EngineStoreError) in try writer.append(bytes) }
        }.get()
        return writer
    }
}

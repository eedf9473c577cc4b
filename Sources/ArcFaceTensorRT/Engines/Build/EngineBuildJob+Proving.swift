import EngineStore

extension EngineBuildJob {
    /// Whether a stored engine has to be compared first: that is asked for, and nobody has.
    func needsProof(_ engine: StoredEngine) -> Bool {
        guard case .required = options.acceptance else { return false }
        return engine.manifest.acceptance == nil
    }

    /// Compares a stored engine with the reference and writes the figures into its manifest, without building. One that
    /// fails is taken out of the folder and kept as rejected, as a new one would be.
    ///
    /// - Returns: nil if the job was stopped; the engine is as it was then.
    /// - Throws: `ArcFaceError` if something is missing, a runtime fails, or the manifest can't be written.
    func prove(
        _ stored: StoredEngine, on machine: EngineMachine, since start: ContinuousClock.Instant,
        shouldStop: @escaping @Sendable () -> Bool, report: @escaping @Sendable (Event) -> Void
    ) throws(ArcFaceError) -> Summary? {
        let folder = try folder
        let fileName = try ArcFaceError.told { () throws(EngineStoreError) in try EngineFileName(stored.fileName) }
        guard let lock = try lock(fileName.name, shouldStop: shouldStop, report: report) else { return nil }
        // Another process may have had the lock, and done it.
        let engine = try ArcFaceError.told { () throws(EngineStoreError) in try folder.engine(fileName) }
        guard needsProof(engine) else {
            return Summary(engine, isNew: false, elapsed: ContinuousClock.now - start)
        }
        let signer = try EngineSigner(configuration.storage)
        let loaded = try ArcFaceError.told { () throws(EngineStoreError) in try folder.load(engine) }
        let proof: Proof?
        do throws(ArcFaceError) {
            let run = try AcceptanceRun.prepared(.required, on: machine, configuration: configuration, report: report)
            proof = try run?.proof(of: loaded, shouldStop: shouldStop, report: report)
        } catch {
            if error.code == .cancelled { return nil }
            throw error
        }
        var manifest = engine.manifest
        manifest.acceptance = proof?.acceptance
        // The old signature was of other words.
        manifest.signature = nil
        do throws(EngineStoreError) {
            guard let reason = proof?.rejection else {
                let proven = try folder.replaceManifest(with: signer.signed(manifest), of: fileName, holding: lock)
                return Summary(proven, isNew: false, isProven: true, elapsed: ContinuousClock.now - start)
            }
            let writer = try PlanWriter(holding: lock)
            try loaded.plan.withUnsafeBytes { bytes in
                Result { () throws(EngineStoreError) in try writer.append(bytes) }
            }.get()
            let path = try writer.reject(manifest, reason: reason)
            try folder.remove(fileName, holding: lock)
            return Summary(
                rejected: path, manifest, because: reason, isNew: false, elapsed: ContinuousClock.now - start)
        } catch {
            throw ArcFaceError(error)
        }
    }
}

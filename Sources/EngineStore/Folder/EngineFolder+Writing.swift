extension EngineFolder {
    /// Stores an engine under its name, in place of what was there; see `PlanWriter.commit`.
    ///
    /// - Parameters:
    ///   - plan: the plan's bytes.
    ///   - manifest: describes them; see `PlanFacts.init(of:)`.
    ///   - lock: the right to write this engine.
    /// - Returns: the stored engine.
    /// - Throws: as `PlanWriter`.
    package func put(
        _ plan: UnsafeRawBufferPointer, manifest: EngineManifest, holding lock: borrowing EngineLock
    ) throws(EngineStoreError) -> StoredEngine {
        let writer = try PlanWriter(holding: lock)
        try writer.append(plan)
        return try writer.commit(manifest)
    }

    /// Gives an engine another manifest, such as one with an acceptance result or a signature.
    ///
    /// - Throws: `fileAltered` if the plan isn't the one that the manifest describes; `planMissing`; `unwritable`, `noSpace`.
    package func replaceManifest(
        with manifest: EngineManifest, holding lock: borrowing EngineLock
    ) throws(EngineStoreError) -> StoredEngine {
        let engine = StoredEngine(folder: lock.folder, fileName: lock.name.fileName, manifest: manifest)
        try manifest.validate(at: engine.planPath)
        try verify(engine)
        let folder = try OpenFolder(path: lock.folder)
        let temporary = ".\(lock.name.fileName).manifest.tmp"
        try folder.remove(temporary)
        do throws(EngineStoreError) {
            let file = try folder.create(temporary)
            try file.write(manifest.json())
            try file.sync()
            try folder.rename(temporary, to: lock.name.manifestFileName)
            try folder.sync()
        } catch {
            _ = try? folder.remove(temporary)
            throw error
        }
        return engine
    }

    /// Deletes an engine with its manifest and its lock file. False if neither plan nor manifest was there.
    ///
    /// - Throws: `unwritable`, or that the lock can't be had.
    @discardableResult
    package func remove(
        _ name: EngineName, waiting: LockWaiting = LockWaiting()
    ) throws(EngineStoreError) -> Bool {
        let lock = try lock(name, waiting: waiting)
        let folder = try OpenFolder(path: lock.folder)
        // The manifest first: a plan without one is no engine.
        let hadManifest = try folder.remove(name.manifestFileName)
        let hadPlan = try folder.remove(name.fileName)
        try folder.remove(name.lockFileName)
        try folder.sync()
        return hadManifest || hadPlan
    }
}

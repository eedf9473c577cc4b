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
    /// - Parameters:
    ///   - manifest: the new manifest.
    ///   - fileName: which of the engines that share the lock's name; nil is the one that has it for itself.
    ///   - lock: the right to write the engine.
    /// - Returns: the engine with its new manifest.
    /// - Throws: `fileAltered` if the plan isn't the one that the manifest describes; `planMissing`; `unwritable`, `noSpace`.
    package func replaceManifest(
        with manifest: EngineManifest, of fileName: EngineFileName? = nil, holding lock: borrowing EngineLock
    ) throws(EngineStoreError) -> StoredEngine {
        let fileName = fileName ?? EngineFileName(lock.name)
        let engine = StoredEngine(folder: lock.folder, fileName: fileName.description, manifest: manifest)
        try manifest.validate(at: engine.planPath)
        guard fileName.name == lock.name else {
            throw EngineStoreError(
                .invalidName, "another engine is locked, \(lock.name)", at: engine.planPath,
                mend: "lock the engine that is written")
        }
        // Whom the folder trusts is a question to its readers; this is about to be written, and may be signed only now.
        try EngineFolder(path: path, trust: .anyone).verify(engine)
        let folder = try OpenFolder(path: lock.folder)
        let temporary = ".\(lock.name.fileName).manifest.tmp"
        try folder.remove(temporary)
        do throws(EngineStoreError) {
            let file = try folder.create(temporary)
            try file.write(manifest.json())
            try file.sync()
            try folder.rename(temporary, to: fileName.manifest)
            try folder.sync()
        } catch {
            _ = try? folder.remove(temporary)
            throw error
        }
        return engine
    }

    /// Deletes an engine with its manifest, runtime cache and lock file. False if neither plan nor manifest was there.
    ///
    /// - Throws: `unwritable`, or that the lock can't be had.
    @discardableResult
    package func remove(
        _ name: EngineName, waiting: LockWaiting = LockWaiting()
    ) throws(EngineStoreError) -> Bool {
        try remove(EngineFileName(name), waiting: waiting)
    }

    /// Deletes the engine of a file name; see `remove(_:waiting:)`.
    @discardableResult
    package func remove(
        _ fileName: EngineFileName, waiting: LockWaiting = LockWaiting()
    ) throws(EngineStoreError) -> Bool {
        try remove(fileName, holding: lock(fileName.name, waiting: waiting))
    }

    /// Deletes the engine of a file name under a lock that is held already, which counts for nothing afterwards. False if
    /// neither plan nor manifest was there.
    ///
    /// - Throws: `unwritable`.
    @discardableResult
    package func remove(
        _ fileName: EngineFileName, holding lock: borrowing EngineLock
    ) throws(EngineStoreError) -> Bool {
        let folder = try OpenFolder(path: lock.folder)
        // The manifest first: a plan without one is no engine.
        let hadManifest = try folder.remove(fileName.manifest)
        let hadPlan = try folder.remove(fileName.description)
        try folder.remove(fileName.runtimeCache)
        try folder.remove(fileName.pin)
        try folder.remove(fileName.name.lockFileName)
        try folder.sync()
        return hadManifest || hadPlan
    }
}

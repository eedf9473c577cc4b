extension EngineFolder {
    /// The wanted engine: the stored one, or else a new one that exactly one process builds.
    ///
    /// Processes that want the same engine wait for the builder and then find what it has built. If the builder dies, the
    /// next one builds.
    ///
    /// - Parameters:
    ///   - key: the wanted engine.
    ///   - waiting: how to wait for another builder.
    ///   - build: builds the engine and stores it with `put` or `PlanWriter`; told why no stored one will do.
    /// - Returns: the engine, and whether it was built by this call.
    /// - Throws: `EngineStoreError`, or what `build` throws.
    package func findOrBuild(
        _ key: EngineKey, waiting: LockWaiting = LockWaiting(),
        build: (borrowing EngineLock, EngineMiss) throws -> StoredEngine
    ) throws -> (engine: StoredEngine, isNew: Bool) {
        if case .hit(let engine) = try find(key) { return (engine, false) }
        let lock = try lock(key.name, waiting: waiting)
        switch try find(key) {
        case .hit(let engine): return (engine, false)
        case .miss(let miss): return (try build(lock, miss), true)
        }
    }
}

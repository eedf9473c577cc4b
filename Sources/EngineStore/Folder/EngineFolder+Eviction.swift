extension EngineFolder {
    /// What clearing out did to a folder.
    package struct Eviction: Sendable, Equatable {
        /// An engine's file name and the bytes that it takes.
        package struct Item: Sendable, Equatable {
            /// The plan's file name.
            package let fileName: String
            /// Size of plan, manifest and runtime cache in bytes.
            package let bytes: Int
        }

        /// What was deleted, or would be, the least recently used first.
        package internal(set) var removed: [Item] = []
        /// What would have been next but has to stay: it is pinned, being written, or just stored.
        package internal(set) var spared: [Item] = []
        /// Bytes of the engines that stay.
        package internal(set) var bytes = 0
    }

    /// Deletes the engines that weren't used for the longest time until the rest takes no more than `limit` bytes. One that is
    /// pinned, or that somebody is writing, is never touched.
    ///
    /// - Parameters:
    ///   - limit: bytes of all engines together, each with its manifest and runtime cache.
    ///   - keeping: an engine that stays whatever its age.
    ///   - isRehearsal: whether to tell only what would be deleted.
    /// - Returns: what was deleted, what was spared, and what stays.
    /// - Throws: that the folder can't be read or written.
    package func evict(
        downTo limit: Int, keeping: String? = nil, isRehearsal: Bool = false
    ) throws(EngineStoreError) -> Eviction {
        guard exists else { return Eviction() }
        let folder = try OpenFolder(path: path)
        var engines: [(name: EngineFileName, item: Eviction.Item, used: Int64)] = []
        for entry in try folder.entries() {
            guard let name = try? EngineFileName(entry), let plan = folder.facts(entry) else { continue }
            let bytes = [name.manifest, name.runtimeCache].reduce(plan.size) { $0 + (folder.facts($1)?.size ?? 0) }
            engines.append((name, Eviction.Item(fileName: entry, bytes: bytes), plan.used))
        }
        engines.sort { ($0.used, $0.item.fileName) < ($1.used, $1.item.fileName) }
        var result = Eviction()
        result.bytes = engines.reduce(0) { $0 + $1.item.bytes }
        for engine in engines where result.bytes > limit {
            if engine.item.fileName == keeping || folder.facts(engine.name.pin) != nil {
                result.spared.append(engine.item)
                continue
            }
            guard case .acquired(let lock) = try EngineLock.attempt(engine.name.name, in: folder) else {
                result.spared.append(engine.item)
                continue
            }
            if !isRehearsal { _ = try remove(engine.name, holding: lock) }
            result.removed.append(engine.item)
            result.bytes -= engine.item.bytes
        }
        return result
    }
}

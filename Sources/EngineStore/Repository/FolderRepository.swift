internal import Digests

/// A folder as a repository.
package struct FolderRepository: EngineRepository {
    /// The folder.
    package let folder: EngineFolder

    /// Makes a folder a repository.
    package init(_ folder: EngineFolder) {
        self.folder = folder
    }

    package var location: String { folder.path }

    package func list() throws(EngineStoreError) -> [EngineListing] {
        try folder.list().map { listing in
            EngineListing(id: listing.fileName, engine: listing.engine.map { Self.entry($0) })
        }
    }

    package func find(_ key: EngineKey) throws(EngineStoreError) -> Result<EngineEntry, EngineMiss> {
        switch try folder.find(key) {
        case .hit(let engine): .success(Self.entry(engine))
        case .miss(let miss): .failure(miss)
        }
    }

    package func get(
        _ entry: EngineEntry, into writer: PlanWriter, progress: (Int) -> Void
    ) throws(EngineStoreError) -> StoredEngine {
        try folder.withPlan(of: folder.engine(EngineFileName(entry.id))) { piece, offset throws(EngineStoreError) in
            try writer.append(piece)
            progress(offset + piece.count)
        }
        return try writer.commit(entry.manifest)
    }

    package func put(
        _ engine: StoredEngine, replacing: Bool, progress: (Int) -> Void
    ) throws(EngineStoreError) -> (entry: EngineEntry, isNew: Bool) {
        let name = try engine.manifest.name()
        let lock = try folder.lock(name)
        if !replacing, let there = try? folder.engine(named: name),
            try there.manifest.identity() == engine.manifest.identity()
        {
            return (Self.entry(there), false)
        }
        let writer = try PlanWriter(holding: lock)
        try EngineFolder(path: engine.folder, trust: folder.trust).withPlan(of: engine) {
            piece, offset throws(EngineStoreError) in
            try writer.append(piece)
            progress(offset + piece.count)
        }
        return (Self.entry(try writer.commit(engine.manifest)), true)
    }

    package func delete(_ entry: EngineEntry) throws(EngineStoreError) -> Bool {
        try folder.remove(EngineFileName(entry.id))
    }

    package func verify(_ entry: EngineEntry, progress: (Int) -> Void) throws(EngineStoreError) {
        try folder.verify(folder.engine(EngineFileName(entry.id)))
        progress(entry.manifest.plan.bytes)
    }

    private static func entry(_ engine: StoredEngine) -> EngineEntry {
        EngineEntry(id: engine.fileName, location: engine.planPath, manifest: engine.manifest)
    }
}

internal import Digests
internal import Glibc

extension EngineFolder {
    /// The engine at a path that the user gave. Links in the path are followed first, so that a manifest lies beside the
    /// plan that it describes; the file's name doesn't matter.
    ///
    /// - Parameters:
    ///   - path: the plan's path.
    ///   - trust: whose engines may be used.
    /// - Returns: the engine, its plan not read yet.
    /// - Throws: `planMissing`, `manifestMissing`, `notRegularFile`, that the manifest can't be used, or as `EngineTrust.check`.
    package static func engine(at path: String, trust: EngineTrust) throws(EngineStoreError) -> StoredEngine {
        guard let resolved = realpath(path, nil) else {
            if errno == ENOENT || errno == ENOTDIR {
                throw EngineStoreError(
                    .planMissing, "there is no such engine", at: path, mend: "check the path, or build the engine")
            }
            throw EngineStoreError.reading(errno, "the engine can't be opened", at: path)
        }
        defer { free(resolved) }
        let full = String(cString: resolved)
        guard let slash = full.lastIndex(of: "/"), full.index(after: slash) < full.endIndex else {
            throw EngineStoreError(.notRegularFile, "this is a folder", at: path, mend: "give the path of a .plan file")
        }
        let folder = try OpenFolder(path: slash == full.startIndex ? "/" : String(full[..<slash]))
        return try engine(fileName: String(full[full.index(after: slash)...]), in: folder, trust: trust)
    }

    /// The engine of this name.
    ///
    /// - Throws: `planMissing`, `manifestMissing`, `notRegularFile`, or that the folder or manifest can't be used.
    package func engine(named name: EngineName) throws(EngineStoreError) -> StoredEngine {
        try engine(EngineFileName(name))
    }

    /// The engine of this file name.
    ///
    /// - Throws: as `engine(named:)`.
    package func engine(_ fileName: EngineFileName) throws(EngineStoreError) -> StoredEngine {
        try Self.engine(fileName: fileName.description, in: OpenFolder(path: path), trust: trust)
    }

    /// Reads an engine's plan, and checks that it is what the manifest in `engine` describes: size and SHA-256, over the
    /// same bytes that are returned.
    ///
    /// - Throws: `fileAltered` also if another engine has taken the name meanwhile; `planMissing`, `unreadable`, `tooLarge`; as
    ///   `EngineTrust.check`.
    package func load(_ engine: StoredEngine) throws(EngineStoreError) -> LoadedEngine {
        try trust.check(engine.manifest, at: engine.planPath)
        let folder = try OpenFolder(path: engine.folder)
        let file = try Self.openPlan(engine.fileName, in: folder)
        folder.markUsed(engine.fileName)
        return LoadedEngine(engine: engine, plan: try PlanBytes(reading: file, expecting: engine.manifest.plan))
    }

    /// Checks that an engine's plan is what its manifest describes, in little memory.
    ///
    /// - Throws: as `load`.
    package func verify(_ engine: StoredEngine) throws(EngineStoreError) {
        try trust.check(engine.manifest, at: engine.planPath)
        let folder = try OpenFolder(path: engine.folder)
        let file = try Self.openPlan(engine.fileName, in: folder)
        try PlanBytes.require(size: file.size(), expected: engine.manifest.plan.bytes, at: file.path)
        let digest: Digest
        do throws(DigestError) {
            digest = try Digest.of(descriptor: file.descriptor, path: file.path)
        } catch {
            throw EngineStoreError(.unreadable, error.what, at: error.location, mend: error.mend)
        }
        guard digest == engine.manifest.plan.sha256 else {
            throw EngineStoreError.altered(found: digest, expected: engine.manifest.plan.sha256, at: file.path)
        }
    }

    /// Reads the manifest beside a plan and sees that the plan is there with the size that the manifest gives.
    static func engine(
        fileName: String, in folder: borrowing OpenFolder, trust: EngineTrust
    ) throws(EngineStoreError) -> StoredEngine {
        let plan = try openPlan(fileName, in: folder)
        let manifestName = EngineName.manifestFileName(of: fileName)
        guard let file = try folder.openForReading(manifestName) else {
            throw EngineStoreError(
                .manifestMissing,
                "its manifest \(manifestName) is missing: an unfinished write, or a file from elsewhere",
                at: folder.location(fileName), mend: "build the engine again, or put its manifest beside it")
        }
        let bytes = try file.contents(limit: EngineManifest.largestFile)
        let manifest = try EngineManifest(json: bytes, location: folder.location(manifestName))
        try PlanBytes.require(size: plan.size(), expected: manifest.plan.bytes, at: plan.path)
        try trust.check(manifest, at: plan.path)
        return StoredEngine(folder: folder.path, fileName: fileName, manifest: manifest)
    }

    static func openPlan(
        _ fileName: String, in folder: borrowing OpenFolder
    ) throws(EngineStoreError) -> OpenFile {
        guard let plan = try folder.openForReading(fileName) else {
            throw EngineStoreError(
                .planMissing, "there is no such engine", at: folder.location(fileName),
                mend: "check the path, or build the engine")
        }
        return plan
    }
}

internal import Digests

extension LoadedEngine {
    /// An engine that a builder just gave and that isn't in its folder yet, so that it can be run before it gets its name.
    ///
    /// - Parameters:
    ///   - bytes: the plan; copied.
    ///   - manifest: describes it.
    ///   - folder: where it will be, for messages.
    /// - Throws: `fileAltered` if the bytes aren't those that the manifest describes; `invalidName`, `unreadable`.
    package init(
        _ bytes: UnsafeRawBufferPointer, manifest: EngineManifest, for folder: EngineFolder
    ) throws(EngineStoreError) {
        let stored = StoredEngine(folder: folder.path, fileName: try manifest.name().fileName, manifest: manifest)
        try PlanBytes.require(size: bytes.count, expected: manifest.plan.bytes, at: stored.planPath)
        let digest = Digest.of(bytes)
        guard digest == manifest.plan.sha256 else {
            throw EngineStoreError.altered(found: digest, expected: manifest.plan.sha256, at: stored.planPath)
        }
        self.init(engine: stored, plan: try PlanBytes(copying: bytes))
    }
}

/// A place where engines are kept and found by what they are: a folder, or a team's bucket.
///
/// What is read is trusted only as far as the place's `EngineTrust` and the manifest's digest go; everything else is an error
/// of that one engine.
package protocol EngineRepository: Sendable {
    /// The place's name for people: a path, or `s3://bucket/prefix`.
    var location: String { get }

    /// Everything in the place that looks like an engine, usable or not, in the order of the names.
    ///
    /// - Throws: that the place can't be read at all.
    func list() throws(EngineStoreError) -> [EngineListing]

    /// An engine that agrees with the key, or why there is none.
    ///
    /// - Throws: that the place can't be read at all.
    func find(_ key: EngineKey) throws(EngineStoreError) -> Result<EngineEntry, EngineMiss>

    /// Copies an engine into a folder. Nothing is seen there before every byte has been verified.
    ///
    /// - Parameters:
    ///   - entry: the engine, from `list` or `find`.
    ///   - writer: begun for the engine's name; committed by this.
    ///   - progress: told how many bytes have come.
    /// - Returns: the engine in the folder.
    /// - Throws: `fileAltered` if the bytes aren't those of the manifest; `planMissing`.
    func get(
        _ entry: EngineEntry, into writer: PlanWriter, progress: (Int) -> Void
    ) throws(EngineStoreError) -> StoredEngine

    /// Copies an engine of a folder to this place. It is seen whole or not at all.
    ///
    /// - Parameters:
    ///   - engine: the engine.
    ///   - replacing: whether an engine of the same identity that is there already gives way.
    ///   - progress: told how many bytes have arrived.
    /// - Returns: the engine there, and whether it is this one rather than one that was there already.
    /// - Throws: `fileAltered` if the plan isn't the one that its manifest describes.
    func put(
        _ engine: StoredEngine, replacing: Bool, progress: (Int) -> Void
    ) throws(EngineStoreError) -> (entry: EngineEntry, isNew: Bool)

    /// Deletes an engine. False if it wasn't there.
    func delete(_ entry: EngineEntry) throws(EngineStoreError) -> Bool

    /// Reads an engine's plan and checks that it is what its manifest describes.
    ///
    /// - Throws: `fileAltered`, `planMissing`.
    func verify(_ entry: EngineEntry, progress: (Int) -> Void) throws(EngineStoreError)
}

/// An engine of a repository: its manifest has been read and is trusted, its plan hasn't been read.
package struct EngineEntry: Sendable, Equatable {
    /// What tells it from the others there.
    package let id: String
    /// Where it is, for people.
    package let location: String
    /// The manifest.
    package let manifest: EngineManifest

    /// Names an engine of a repository.
    package init(id: String, location: String, manifest: EngineManifest) {
        self.id = id
        self.location = location
        self.manifest = manifest
    }
}

/// Something in a repository that looks like an engine.
package struct EngineListing: Sendable {
    /// What tells it from the others there.
    package let id: String
    /// The engine, or why it can't be used.
    package let engine: Result<EngineEntry, EngineStoreError>

    /// Tells what is there.
    package init(id: String, engine: Result<EngineEntry, EngineStoreError>) {
        self.id = id
        self.engine = engine
    }
}

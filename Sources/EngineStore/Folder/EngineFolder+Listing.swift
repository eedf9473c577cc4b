extension EngineFolder {
    /// A plan in a folder, usable or not.
    package struct Listing: Sendable {
        /// The plan's file name.
        package let fileName: String
        /// The engine, or why it can't be used. Its plan's digest hasn't been checked; see `verify`.
        package let engine: Result<StoredEngine, EngineStoreError>
    }

    /// Every plan in the folder, sorted by name; none if there is no folder.
    ///
    /// - Throws: that the folder exists but can't be read.
    package func list() throws(EngineStoreError) -> [Listing] {
        guard exists else { return [] }
        let folder = try OpenFolder(path: path)
        var listings: [Listing] = []
        for fileName in try folder.entries() where fileName.hasSuffix(EngineName.suffix) && !fileName.hasPrefix(".") {
            do throws(EngineStoreError) {
                listings.append(
                    Listing(
                        fileName: fileName,
                        engine: .success(try Self.engine(fileName: fileName, in: folder, trust: trust))))
            } catch {
                listings.append(Listing(fileName: fileName, engine: .failure(error)))
            }
        }
        return listings
    }
}

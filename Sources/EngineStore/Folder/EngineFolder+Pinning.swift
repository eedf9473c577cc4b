extension EngineFolder {
    /// Keeps an engine from being cleared away, or no longer. The mark is a file beside the engine, and goes with it.
    ///
    /// - Returns: false if that was so already.
    /// - Throws: `planMissing`, or that the folder can't be written.
    @discardableResult
    package func pin(_ fileName: EngineFileName, _ pinned: Bool = true) throws(EngineStoreError) -> Bool {
        let folder = try OpenFolder(path: path)
        guard folder.facts(fileName.description) != nil else {
            throw EngineStoreError(
                .planMissing, "there is no such engine", at: folder.location(fileName.description),
                mend: "`engines list` shows those that are there")
        }
        guard pinned else { return try folder.remove(fileName.pin) }
        guard folder.facts(fileName.pin) == nil else { return false }
        _ = try folder.create(fileName.pin)
        try folder.sync()
        return true
    }

    /// Whether an engine is kept from being cleared away.
    package func isPinned(_ fileName: EngineFileName) throws(EngineStoreError) -> Bool {
        try OpenFolder(path: path).facts(fileName.pin) != nil
    }
}

internal import Digests

/// A plan's file, open for reading: whatever happens to its name, these stay the bytes.
package final class PlanFile {
    private let file: OpenFile
    /// The size in bytes.
    package let size: Int

    init(_ file: consuming OpenFile) throws(EngineStoreError) {
        size = try file.size()
        self.file = file
    }

    /// Fills the buffer with the bytes from `offset` on.
    ///
    /// - Throws: `fileAltered` if the file has become shorter; `unreadable`.
    package func read(into buffer: UnsafeMutableRawBufferPointer, from offset: Int) throws(EngineStoreError) {
        let count = try file.read(into: buffer, from: offset)
        try PlanBytes.require(size: offset + count, expected: offset + buffer.count, at: file.path)
    }
}

extension EngineFolder {
    /// Opens an engine's plan.
    ///
    /// - Throws: `planMissing`, `notRegularFile`, `unreadable`; `fileAltered` if it isn't as large as its manifest says.
    package func openPlan(of engine: StoredEngine) throws(EngineStoreError) -> PlanFile {
        let file = try Self.openPlan(engine.fileName, in: OpenFolder(path: engine.folder))
        try PlanBytes.require(size: file.size(), expected: engine.manifest.plan.bytes, at: file.path)
        return try PlanFile(file)
    }

    /// Hands on a plan's bytes piece by piece. Whoever takes them has to verify their digest.
    func withPlan(
        of engine: StoredEngine,
        _ body: (UnsafeRawBufferPointer, Int) throws(EngineStoreError) -> Void
    ) throws(EngineStoreError) {
        let file = try openPlan(of: engine)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { piece.deallocate() }
        var offset = 0
        while offset < file.size {
            let part = UnsafeMutableRawBufferPointer(rebasing: piece.prefix(file.size - offset))
            try file.read(into: part, from: offset)
            try body(UnsafeRawBufferPointer(part), offset)
            offset += part.count
        }
    }
}

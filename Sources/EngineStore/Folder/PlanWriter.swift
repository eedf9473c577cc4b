internal import Digests
internal import Glibc

/// A plan on its way into a folder: bytes go into a temporary file there, and nothing is seen under the engine's name
/// before `commit`. Dropping the writer deletes what was written.
package final class PlanWriter {
    private let name: EngineName
    private let folder: OpenFolder
    private let file: OpenFile
    private let temporaryName: String
    private var hasher = SHA256()
    private var count = 0
    private var isFinished = false

    /// Begins a plan, and clears away what killed writers of the same engine have left.
    ///
    /// - Parameter lock: the right to write the engine; hold it until after `commit`.
    /// - Throws: `unwritable`, `noSpace` or `folderUnusable`.
    package init(holding lock: borrowing EngineLock) throws(EngineStoreError) {
        let folder = try OpenFolder(path: lock.folder)
        let prefix = Self.temporaryPrefix(of: lock.name)
        for entry in try folder.entries() where entry.hasPrefix(prefix) && entry.hasSuffix(Self.temporarySuffix) {
            try folder.remove(entry)
        }
        let temporary = "\(prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))\(Self.temporarySuffix)"
        file = try folder.create(temporary)
        temporaryName = temporary
        self.folder = folder
        name = lock.name
    }

    deinit {
        // What stays behind if this fails is cleared away by the next writer.
        if !isFinished { _ = try? folder.remove(temporaryName) }
    }

    /// Goes on with these bytes.
    ///
    /// - Throws: `unwritable` or `noSpace`.
    package func append(_ bytes: UnsafeRawBufferPointer) throws(EngineStoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // A piece is hashed while it is in the cache.
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceSize))
            hasher.update(piece)
            try file.write(piece)
            count += piece.count
            rest = rest.dropFirst(piece.count)
        }
    }

    /// Puts the plan and its manifest under the engine's name, in place of what was there.
    ///
    /// The old manifest goes first, then comes the new plan, then its manifest: at no moment does a manifest lie beside
    /// a plan that isn't its own, and a plan without a manifest counts as no engine. An engine of another identity that had
    /// the name stays, under the name with its identity's digits.
    ///
    /// - Throws: `fileAltered` if the bytes aren't those that the manifest describes; `invalidName` if it describes another
    ///   engine than the one locked; `unwritable`, `noSpace`. What was there before is then still there, except where
    ///   the last renames failed: then there is no engine.
    package func commit(_ manifest: EngineManifest) throws(EngineStoreError) -> StoredEngine {
        try finish(manifest)
        let temporaryManifest = String(
            temporaryName.dropLast(Self.temporarySuffix.count) + ".json" + Self.temporarySuffix)
        do throws(EngineStoreError) {
            try write(manifest.json(), to: temporaryManifest)
            try makeRoom(for: manifest)
            if try folder.remove(name.manifestFileName) { try folder.sync() }
            // Kernels of the plan that was there are nothing to the one that comes.
            try folder.remove(EngineFileName(name).runtimeCache)
            try folder.rename(temporaryName, to: name.fileName)
            isFinished = true
            try folder.sync()
            try folder.rename(temporaryManifest, to: name.manifestFileName)
            try folder.sync()
        } catch {
            _ = try? folder.remove(temporaryManifest)
            throw error
        }
        return StoredEngine(folder: folder.path, fileName: name.fileName, manifest: manifest)
    }

    /// Keeps the plan, which no one shall run, as `{plan}.rejected` with its manifest `{plan}.rejected.json` and the reason
    /// `{plan}.rejected.txt`, in place of an earlier one. No listing takes it for an engine, and an engine of the name stays.
    ///
    /// - Parameters:
    ///   - manifest: describes the plan, with the acceptance that it failed.
    ///   - reason: text for people.
    /// - Returns: the path of the `.rejected` file.
    /// - Throws: as `commit`.
    package func reject(_ manifest: EngineManifest, reason: String) throws(EngineStoreError) -> String {
        try finish(manifest)
        let rejected = name.fileName + Self.rejectedSuffix
        for (suffix, bytes) in [(".json", try manifest.json()), (".txt", Array((reason + "\n").utf8))] {
            let temporary = String(temporaryName.dropLast(Self.temporarySuffix.count)) + suffix + Self.temporarySuffix
            do throws(EngineStoreError) {
                try write(bytes, to: temporary)
                try folder.rename(temporary, to: rejected + suffix)
            } catch {
                _ = try? folder.remove(temporary)
                throw error
            }
        }
        try folder.rename(temporaryName, to: rejected)
        isFinished = true
        try folder.sync()
        return folder.location(rejected)
    }

    /// What the name of an engine that failed its acceptance ends with.
    package static let rejectedSuffix = ".rejected"

    /// Sees that what was written is what a manifest describes, and that it is on the disk.
    private func finish(_ manifest: EngineManifest) throws(EngineStoreError) {
        let path = folder.location(name.fileName)
        try manifest.validate(at: path)
        let described = try manifest.name()
        guard described == name else {
            throw EngineStoreError(
                .invalidName, "the manifest is that of \(described)", at: path, mend: "lock the engine that is written")
        }
        try PlanBytes.require(size: count, expected: manifest.plan.bytes, at: path)
        let digest = hasher.finalize()
        guard digest == manifest.plan.sha256 else {
            throw EngineStoreError.altered(found: digest, expected: manifest.plan.sha256, at: path)
        }
        try file.sync()
    }

    /// Moves a namesake of another identity aside: a second name for its plan first, then the manifest's new name, so that it
    /// is whole at every moment, under the one name or the other.
    private func makeRoom(for manifest: EngineManifest) throws(EngineStoreError) {
        // What can't be read, such as a link, is no engine and gives way.
        guard let bytes = try? Self.contents(of: name.manifestFileName, in: folder),
            let other = try? EngineManifest(json: bytes, location: name.manifestFileName),
            (try? other.name()) == name, let identity = try? other.identity(), try identity != manifest.identity(),
            folder.facts(name.fileName)?.size == other.plan.bytes
        else { return }
        let aside = EngineFileName(name, identity: identity)
        try folder.remove(aside.manifest)
        try folder.remove(aside.description)
        try folder.link(name.fileName, as: aside.description)
        try folder.rename(name.manifestFileName, to: aside.manifest)
        let old = EngineFileName(name)
        for (from, to) in [(old.pin, aside.pin), (old.runtimeCache, aside.runtimeCache)] where folder.facts(from) != nil
        {
            try folder.rename(from, to: to)
        }
        try folder.sync()
    }

    private static func contents(
        of fileName: String, in folder: borrowing OpenFolder
    ) throws(EngineStoreError) -> [UInt8] {
        let file = try folder.openForReading(fileName)
        return try file?.contents(limit: EngineManifest.largestFile) ?? []
    }

    private func write(_ bytes: [UInt8], to temporary: String) throws(EngineStoreError) {
        let file = try folder.create(temporary)
        try file.write(bytes)
        try file.sync()
    }

    private static let pieceSize = 1 << 20
    private static let temporarySuffix = ".tmp"

    /// Hidden, so that no listing takes it for an engine.
    private static func temporaryPrefix(of name: EngineName) -> String { ".\(name.fileName)." }
}

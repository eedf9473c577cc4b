internal import Digests
internal import Glibc

/// What lies beside a plan of the kernels that were compiled when it ran before.
package enum KeptKernels: Sendable, Equatable {
    /// Nothing.
    case none
    /// These, whole and for this key.
    case found([UInt8])
    /// A file that must not be used, and why; it may be replaced.
    case unusable(String)
}

extension EngineFolder {
    /// Larger than all kernels of a face model by far.
    private static let largestRuntimeCache = 1 << 30
    /// Longer than any header.
    private static let longestHeader = 4096

    /// Reads the kernels that are kept beside an engine. They are code: only a file is taken that nobody but this user and
    /// root can have written, so that a plan's signature isn't undone by what lies beside it, and whose digest is right.
    ///
    /// - Parameters:
    ///   - engine: the engine.
    ///   - key: what the kernels shall be good for.
    /// - Returns: the kernels, or why there are none.
    /// - Throws: that the folder or the file can't be read.
    package static func runtimeCache(
        of engine: StoredEngine, for key: RuntimeCacheKey
    ) throws(EngineStoreError) -> KeptKernels {
        guard let name = try? EngineFileName(engine.fileName) else { return .none }
        let folder = try OpenFolder(path: engine.folder)
        guard let file = try folder.openForReading(name.runtimeCache) else { return .none }
        guard file.isOfThisUser else { return .unusable("others than its user can have written it") }
        return kernels(in: try file.contents(limit: largestRuntimeCache), for: key)
    }

    /// Keeps kernels beside an engine, in one step, in place of what was there.
    ///
    /// - Parameters:
    ///   - kernels: what the library gave.
    ///   - engine: the engine.
    ///   - key: what the kernels are good for.
    /// - Returns: false if they aren't kept: the engine isn't in its folder under a name of its own, or somebody is writing it.
    /// - Throws: `unwritable`, `noSpace`, or that the folder can't be used. What was there before is then still there.
    @discardableResult
    package static func keepRuntimeCache(
        _ kernels: [UInt8], of engine: StoredEngine, for key: RuntimeCacheKey
    ) throws(EngineStoreError) -> Bool {
        guard let name = try? EngineFileName(engine.fileName), access(engine.planPath, F_OK) == 0 else { return false }
        let folder = try OpenFolder(path: engine.folder)
        guard case .acquired(let lock) = try EngineLock.attempt(name.name, in: folder) else { return false }
        // Nobody else writes while the lock is held: what is there was left by somebody who was killed.
        let temporary = ".\(name.runtimeCache).tmp"
        try folder.remove(temporary)
        do throws(EngineStoreError) {
            let file = try folder.create(temporary)
            try file.write(header(of: kernels, for: key) + kernels)
            try file.sync()
            try folder.rename(temporary, to: name.runtimeCache)
            try folder.sync()
        } catch {
            _ = try? folder.remove(temporary)
            throw error
        }
        _ = consume lock
        return true
    }

    private static func header(of kernels: [UInt8], for key: RuntimeCacheKey) -> [UInt8] {
        let digest = kernels.withUnsafeBytes { Digest.of($0) }
        let lines = key.lines + ["kernels: \(kernels.count) bytes, sha256 \(digest.hex)", "", ""]
        return Array(lines.joined(separator: "\n").utf8)
    }

    private static func kernels(in file: [UInt8], for key: RuntimeCacheKey) -> KeptKernels {
        let newline = UInt8(ascii: "\n")
        let end = file.prefix(longestHeader).indices.dropFirst().first {
            file[$0] == newline && file[$0 - 1] == newline
        }
        guard let end else { return .unusable("it is damaged") }
        let found = String(decoding: file[..<end], as: UTF8.self).split(separator: "\n").map(String.init)
        guard found.first == RuntimeCacheKey.title else { return .unusable("it is damaged, or of another format") }
        for (line, wanted) in zip(found, key.lines) where line != wanted {
            return .unusable("it was made for another use: `\(line.prefix(200))` where `\(wanted)` is needed")
        }
        let kernels = Array(file[(end + 1)...])
        guard Array(file[...end]) == header(of: kernels, for: key) else { return .unusable("it is damaged") }
        return .found(kernels)
    }
}

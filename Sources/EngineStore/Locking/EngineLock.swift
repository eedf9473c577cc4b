internal import Glibc

/// The right to write one engine of a folder. One process has it at a time, and within a process one owner.
///
/// An advisory lock (`flock`) on a file of its own: the kernel lets go of it when its process ends in whatever way, so
/// what the file says may be stale but the lock never is. The file stays; it is empty of meaning while unlocked.
package struct EngineLock: ~Copyable {
    /// The engine.
    package let name: EngineName
    /// The folder's path.
    package let folder: String
    private let file: OpenFile

    /// What an attempt came to.
    enum Attempt: ~Copyable {
        case acquired(EngineLock)
        case held(by: LockHolder?)
    }

    /// Tries once, without waiting.
    ///
    /// - Throws: `unwritable`, `noSpace` or `lockUnavailable`.
    static func attempt(_ name: EngineName, in folder: borrowing OpenFolder) throws(EngineStoreError) -> Attempt {
        while true {
            let file = try folder.openOrCreate(name.lockFileName)
            guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
                switch errno {
                case EWOULDBLOCK: return .held(by: LockHolder(json: try file.contents(limit: 1 << 16)))
                case EINTR: continue
                default:
                    throw EngineStoreError(
                        .lockUnavailable, "the file can't be locked (\(String(cString: strerror(errno))))",
                        at: file.path, mend: "keep engines on a file system that has locks")
                }
            }
            // Whoever removed the engine took the lock file along: then this is the lock of nothing.
            guard folder.names(name.lockFileName, file) else { continue }
            try file.replaceContents(with: LockHolder.here.json())
            return .acquired(EngineLock(name: name, folder: folder.path, file: file))
        }
    }

    private init(name: EngineName, folder: String, file: consuming OpenFile) {
        self.name = name
        self.folder = folder
        self.file = file
    }
}

extension EngineFolder {
    /// Waits for the right to write an engine.
    ///
    /// - Parameters:
    ///   - name: the engine; it need not exist.
    ///   - waiting: for how long, whom to tell, and when to give up.
    /// - Returns: the lock; it is given back when its owner lets go of it.
    /// - Throws: `lockTimedOut`, `cancelled`, `lockUnavailable`, or that the folder can't be written.
    package func lock(
        _ name: EngineName, waiting: LockWaiting = LockWaiting()
    ) throws(EngineStoreError) -> EngineLock {
        let folder = try OpenFolder.creating(path: path)
        let start = ContinuousClock.now
        var reported: LockHolder??
        var pause: Duration = .milliseconds(5)
        while true {
            switch try EngineLock.attempt(name, in: folder) {
            case .acquired(let lock): return lock
            case .held(let holder):
                if reported != .some(holder) {
                    reported = .some(holder)
                    waiting.report(holder)
                }
                let who = holder.map(\.description) ?? "another process"
                if waiting.shouldStop() {
                    throw EngineStoreError(
                        .cancelled, "gave up waiting for \(who), which builds it", at: folder.location(name.fileName),
                        mend: "")
                }
                if let limit = waiting.limit, ContinuousClock.now - start >= limit {
                    throw EngineStoreError(
                        .lockTimedOut, "still being built by \(who)", at: folder.location(name.fileName),
                        mend: "wait for it, or stop that process")
                }
            }
            let (seconds, attoseconds) = pause.components
            usleep(UInt32(seconds) * 1_000_000 + UInt32(attoseconds / 1_000_000_000_000))
            pause = min(pause * 2, .milliseconds(200))
        }
    }
}

import Foundation

/// A lock that processes share through a file beside what it guards. The kernel lets go of it when its process ends.
enum FileLock {
    /// Runs `body` while no other process or thread holds the lock.
    ///
    /// - Parameters:
    ///   - path: the lock's own file, which stays.
    ///   - body: what to do.
    /// - Returns: what `body` gives.
    /// - Throws: what `body` throws, or that the file can't be opened or locked.
    static func holding<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(file) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        }
        return try body()
    }
}

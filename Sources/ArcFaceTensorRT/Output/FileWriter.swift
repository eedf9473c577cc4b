import Foundation

/// A buffered file that owns its descriptor and turns each failure into an error that names the file.
package final class FileWriter {
    package let path: String
    private let retry: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private static let bufferSize = 256 * 1024

    /// Opens a file for writing.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - keeping: how many of its first bytes are kept; the rest is cut off. 0 starts a new file.
    ///   - retry: what the user is told to do once the cause of a failed write is mended, such as `run again`.
    /// - Throws: `ArcFaceError` with code `outputUnwritable`.
    package init(path: String, keeping: Int = 0, retry: String) throws(ArcFaceError) {
        self.path = path
        self.retry = retry
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ArcFaceError(.outputUnwritable, "can't be opened for writing: \(lastSystemError())", at: path)
        }
        guard ftruncate(descriptor, off_t(keeping)) == 0, lseek(descriptor, 0, SEEK_END) == off_t(keeping) else {
            let reason = lastSystemError()
            close(descriptor)
            throw ArcFaceError(.outputUnwritable, "can't be cut to \(keeping) bytes: \(reason)", at: path)
        }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(ArcFaceError) {
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count > Self.bufferSize {
            try writeThrough(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    package func write(_ bytes: [UInt8]) throws(ArcFaceError) {
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        buffer.append(contentsOf: bytes)
    }

    package func write(_ text: String) throws(ArcFaceError) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count > Self.bufferSize { try flush() }
    }

    package func write<Value: BitwiseCopyable>(values: [Value]) throws(ArcFaceError) {
        let count = values.count * MemoryLayout<Value>.stride
        if buffer.count + count > Self.bufferSize { try flush() }
        values.withUnsafeBytes { buffer.append(contentsOf: $0) }
    }

    /// Hands all buffered bytes to the system.
    package func flush() throws(ArcFaceError) {
        guard !buffer.isEmpty else { return }
        let pending = buffer
        buffer.removeAll(keepingCapacity: true)
        // A typed throw can't leave the closure, so the result carries it out.
        let failure: ArcFaceError? = pending.withUnsafeBytes { bytes in
            do throws(ArcFaceError) {
                try writeThrough(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Flushes, asks the disk to keep the bytes, and closes.
    package func finish() throws(ArcFaceError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw failed() }
        let result = close(descriptor)
        descriptor = -1
        guard result == 0 else { throw failed() }
    }

    private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws(ArcFaceError) {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let written = Foundation.write(descriptor, start, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw failed()
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    private func failed() -> ArcFaceError {
        let mend =
            switch errno {
            case ENOSPC, EDQUOT: "free some space, then \(retry)"
            case EFBIG: "raise the file-size limit (ulimit -f), then \(retry)"
            default: "mend the cause, then \(retry)"
            }
        return ArcFaceError(.writeFailed, "writing failed: \(lastSystemError())", at: path, mend: mend)
    }
}

/// The system's text for `errno`.
package func lastSystemError() -> String {
    String(cString: strerror(errno))
}

import Glibc

/// A file that appears under its name complete or not at all.
enum AtomicFile {
    /// Writes through a temporary file in the same folder, then `fsync` and `rename`.
    ///
    /// - Throws: `unwritableFile` with the system's reason; the temporary file is removed.
    static func write(_ path: String, _ body: (Int32) throws(ONNXModelError) -> Void) throws(ONNXModelError) {
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        do throws(ONNXModelError) {
            try body(descriptor)
            guard fsync(descriptor) == 0 else { throw failure(path) }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        guard close(descriptor) == 0, rename(temporary, path) == 0 else {
            let error = failure(path)
            unlink(temporary)
            throw error
        }
        syncFolder(of: path)
    }

    /// Writes all of `bytes` at the descriptor's position.
    static func writeAll(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
    ) throws(ONNXModelError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // Many bytes at once are slow: Linux makes room in pieces as large.
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(128 << 10))
            let written = Glibc.write(descriptor, piece.baseAddress, piece.count)
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written == 0 || errno != EINTR {
                throw failure(path)
            }
        }
    }

    /// Makes the new name durable. Best effort: some file systems refuse to sync a folder, and the file is whole anyway.
    private static func syncFolder(of path: String) {
        let descriptor = open(FilePath.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ path: String) -> ONNXModelError {
        ONNXModelError(
            .unwritableFile, "the model can't be written (\(systemReason()))", at: path,
            mend: "check the folder, its permissions and the free space")
    }
}

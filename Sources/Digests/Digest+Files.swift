internal import Glibc

extension Digest {
    /// The digest of bytes in memory.
    package static func of(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The digest of bytes in memory.
    package static func of(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { of($0) }
    }

    /// The digest of a text's UTF-8 bytes.
    package static func of(_ text: String) -> Digest {
        var hasher = SHA256()
        hasher.update(text)
        return hasher.finalize()
    }

    /// The digest of the regular file at `path`, read once from start to end in pieces. A symbolic link is followed.
    ///
    /// - Throws: `DigestError` if the file can't be opened or read, or isn't a regular file.
    package static func of(file path: String) throws(DigestError) -> Digest {
        // Without O_NONBLOCK a named pipe would wait for a writer for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw DigestError.system(.unopenable, "the file can't be opened", at: path) }
        defer { close(descriptor) }
        return try of(descriptor: descriptor, path: path)
    }

    /// The digest of the regular file behind an open descriptor, from its first byte on; the position isn't moved.
    ///
    /// - Parameters:
    ///   - descriptor: open for reading.
    ///   - path: names the file in errors.
    /// - Returns: the digest.
    /// - Throws: `DigestError` if the file can't be read, or isn't a regular file.
    package static func of(descriptor: Int32, path: String) throws(DigestError) -> Digest {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw DigestError(.notRegularFile, "this isn't a regular file", at: path)
        }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        let size = 1 << 20
        let piece = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        defer { piece.deallocate() }
        var hasher = SHA256()
        var offset: off_t = 0
        while true {
            let count = pread(descriptor, piece, size, offset)
            if count > 0 {
                hasher.update(UnsafeRawBufferPointer(start: piece, count: count))
                offset += off_t(count)
            } else if count == 0 {
                return hasher.finalize()
            } else if errno != EINTR {
                throw DigestError.system(.unreadable, "the file can't be read", at: path)
            }
        }
    }
}

internal import Glibc

/// An open regular file, closed when the handle goes.
struct OpenFile: ~Copyable {
    let descriptor: Int32
    /// The file's path, for messages.
    let path: String
    /// What tells this file from all others, whatever its name.
    let identity: (device: dev_t, inode: ino_t)
    /// Whether nobody can have written it but this process's user and root.
    let isOfThisUser: Bool

    /// Takes over a descriptor.
    ///
    /// - Throws: `notRegularFile`; the descriptor is closed.
    init(taking descriptor: Int32, path: String) throws(EngineStoreError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw EngineStoreError(
                .notRegularFile, "this isn't a regular file", at: path, mend: "move it out of the engine folder")
        }
        self.descriptor = descriptor
        self.path = path
        identity = (status.st_dev, status.st_ino)
        let others = S_IWGRP | S_IWOTH
        isOfThisUser = (status.st_uid == geteuid() || status.st_uid == 0) && status.st_mode & others == 0
    }

    deinit { close(descriptor) }

    /// The file's size in bytes now.
    ///
    /// - Throws: `unreadable`.
    func size() throws(EngineStoreError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw EngineStoreError.reading(errno, "the file can't be read", at: path)
        }
        return Int(status.st_size)
    }

    /// Fills as much of `buffer` as the file has bytes from `offset` on, and returns how many those are.
    ///
    /// - Throws: `unreadable`.
    func read(into buffer: UnsafeMutableRawBufferPointer, from offset: Int) throws(EngineStoreError) -> Int {
        var filled = 0
        while filled < buffer.count, let base = buffer.baseAddress {
            let count = pread(descriptor, base + filled, buffer.count - filled, off_t(offset + filled))
            if count > 0 {
                filled += count
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw EngineStoreError.reading(errno, "the file can't be read", at: path)
            }
        }
        return filled
    }

    /// The whole file, if it isn't larger than `limit` bytes.
    ///
    /// - Throws: `tooLarge` or `unreadable`.
    func contents(limit: Int) throws(EngineStoreError) -> [UInt8] {
        // One byte more than allowed tells a file that grew from one that fits.
        var bytes = [UInt8](repeating: 0, count: min(try size(), limit) + 1)
        var failure: EngineStoreError?
        let count = bytes.withUnsafeMutableBytes { buffer in
            do throws(EngineStoreError) {
                return try read(into: buffer, from: 0)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        guard count <= limit else {
            throw EngineStoreError(
                .tooLarge, "the file has more than \(limit) bytes", at: path, mend: "delete it, or move it elsewhere")
        }
        return Array(bytes.prefix(count))
    }

    /// The most bytes of one call. Linux takes as large pieces of memory for its cache as it is given bytes; where memory is in
    /// use it has to make them first: 300 MiB took 0.3 s of processor time in calls of 128 KiB, and 1.0 s in calls of 1 or 8 MiB
    /// (ext4, Linux 6.18, a server writing beside).
    private static let writeSize = 128 << 10

    /// Writes all bytes at the file's position.
    ///
    /// - Throws: `noSpace` or `unwritable`.
    func write(_ bytes: UnsafeRawBufferPointer) throws(EngineStoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let (count, number) = FileSizeSignal.withheld {
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.writeSize))
                return Glibc.write(descriptor, piece.baseAddress, piece.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || number != EINTR {
                throw EngineStoreError.writing(
                    count == 0 ? ENOSPC : number, "writing failed after \(bytes.count - rest.count) bytes", at: path)
            }
        }
    }

    /// Makes these the file's only bytes. Meant for a few hundred.
    ///
    /// - Throws: `noSpace` or `unwritable`.
    func replaceContents(with bytes: [UInt8]) throws(EngineStoreError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw EngineStoreError.writing(errno, "the file can't be rewritten", at: path)
        }
        try write(bytes)
    }

    /// Writes all bytes at the file's position.
    ///
    /// - Throws: `noSpace` or `unwritable`.
    func write(_ bytes: [UInt8]) throws(EngineStoreError) {
        let failure: EngineStoreError? = bytes.withUnsafeBytes { buffer in
            do throws(EngineStoreError) {
                try write(buffer)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Asks the disk to keep the bytes.
    ///
    /// - Throws: `noSpace` or `unwritable`.
    func sync() throws(EngineStoreError) {
        guard fsync(descriptor) == 0 else {
            throw EngineStoreError.writing(errno, "the file can't be brought to the disk", at: path)
        }
    }
}

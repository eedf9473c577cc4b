internal import Glibc

/// An open folder. Every file in it is reached through the folder's descriptor by a plain name, and links are never
/// followed, so nobody can lead a name elsewhere while it is in use.
struct OpenFolder: ~Copyable {
    private let descriptor: Int32
    /// The folder's path, for messages.
    let path: String

    /// Opens a folder; the folder itself may be reached through a link.
    ///
    /// - Throws: `folderUnusable`.
    init(path: String) throws(EngineStoreError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw EngineStoreError(
                .folderUnusable, "the engine folder can't be opened (\(String(cString: strerror(errno))))", at: path,
                mend: "create it, or give another one")
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Creates a folder and those above it, as far as they are missing, and opens it.
    ///
    /// - Throws: `unwritable`, `noSpace` or `folderUnusable`.
    static func creating(path: String) throws(EngineStoreError) -> OpenFolder {
        var prefix = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            prefix += "/" + part
            if mkdir(prefix, 0o755) != 0 && errno != EEXIST {
                let number = errno
                var status = stat()
                // A read-only file system refuses before it looks whether the folder is there.
                guard stat(prefix, &status) == 0 else {
                    throw EngineStoreError.writing(number, "the engine folder can't be created", at: path)
                }
            }
        }
        return try OpenFolder(path: path)
    }

    /// The path of a file of this folder, for messages.
    func location(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    /// Opens a regular file for reading. Nil if there is none of this name.
    ///
    /// - Throws: `notRegularFile` for links and everything else that isn't a file, or `unreadable`.
    func openForReading(_ name: String) throws(EngineStoreError) -> OpenFile? {
        try requirePlain(name)
        // Without O_NONBLOCK a named pipe would wait for a writer for ever.
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        if file < 0 {
            if errno == ENOENT { return nil }
            throw EngineStoreError.reading(errno, "the file can't be opened", at: location(name))
        }
        return try OpenFile(taking: file, path: location(name))
    }

    /// Creates a file that wasn't there, readable by all.
    ///
    /// - Throws: `unwritable` or `noSpace`.
    func create(_ name: String) throws(EngineStoreError) -> OpenFile {
        try requirePlain(name)
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw EngineStoreError.writing(errno, "the file can't be created", at: location(name)) }
        return try OpenFile(taking: file, path: location(name))
    }

    /// Opens a file for reading and writing, and creates it if it isn't there.
    ///
    /// - Throws: `unwritable`, `noSpace` or `notRegularFile`.
    func openOrCreate(_ name: String) throws(EngineStoreError) -> OpenFile {
        try requirePlain(name)
        let file = openat(descriptor, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o666)
        guard file >= 0 else { throw EngineStoreError.writing(errno, "the file can't be created", at: location(name)) }
        return try OpenFile(taking: file, path: location(name))
    }

    /// Gives a file another name, in one step, in place of whatever had it.
    ///
    /// - Throws: `unwritable` or `noSpace`.
    func rename(_ name: String, to other: String) throws(EngineStoreError) {
        try requirePlain(name)
        try requirePlain(other)
        guard renameat(descriptor, name, descriptor, other) == 0 else {
            throw EngineStoreError.writing(errno, "the file can't get its name", at: location(other))
        }
    }

    /// Deletes a file or a link. False if there was none of this name.
    ///
    /// - Throws: `unwritable`.
    @discardableResult
    func remove(_ name: String) throws(EngineStoreError) -> Bool {
        try requirePlain(name)
        if unlinkat(descriptor, name, 0) == 0 { return true }
        if errno == ENOENT { return false }
        throw EngineStoreError.writing(errno, "the file can't be deleted", at: location(name))
    }

    /// Whether the name still belongs to the file behind the handle.
    func names(_ name: String, _ file: borrowing OpenFile) -> Bool {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return false }
        return status.st_ino == file.identity.inode && status.st_dev == file.identity.device
    }

    /// Gives a file a second name.
    ///
    /// - Throws: `unwritable` or `noSpace`.
    func link(_ name: String, as other: String) throws(EngineStoreError) {
        try requirePlain(name)
        try requirePlain(other)
        guard linkat(descriptor, name, descriptor, other, 0) == 0 else {
            throw EngineStoreError.writing(errno, "the file can't get a second name", at: location(other))
        }
    }

    /// Remembers that a file was used now. A folder that can't be written doesn't remember, and isn't cleared out either.
    func markUsed(_ name: String) {
        // UTIME_NOW and UTIME_OMIT, which Swift doesn't import: the access becomes now, the modification stays.
        let times = [timespec(tv_sec: 0, tv_nsec: (1 << 30) - 1), timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2)]
        _ = utimensat(descriptor, name, times, AT_SYMLINK_NOFOLLOW)
    }

    /// A regular file's size, and when it was last used in nanoseconds since 1970; nil if there is no such file.
    func facts(_ name: String) -> (size: Int, used: Int64)? {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return (Int(status.st_size), Int64(status.st_atim.tv_sec) * 1_000_000_000 + Int64(status.st_atim.tv_nsec))
    }

    /// Asks the disk to keep the names as they are. Some file systems can't sync a folder; the files are whole anyway.
    ///
    /// - Throws: `unwritable` or `noSpace` if the disk failed.
    func sync() throws(EngineStoreError) {
        guard fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP, errno != EBADF else { return }
        throw EngineStoreError.writing(errno, "the folder can't be brought to the disk", at: path)
    }

    /// The names in the folder without `.` and `..`, sorted.
    ///
    /// - Throws: `unreadable`.
    func entries() throws(EngineStoreError) -> [String] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let number = errno
            if copy >= 0 { close(copy) }
            throw EngineStoreError.reading(number, "the folder can't be read", at: path)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw EngineStoreError.reading(errno, "the folder can't be read", at: path) }
        return names.sorted()
    }

    private func requirePlain(_ name: String) throws(EngineStoreError) {
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0)
        else {
            throw EngineStoreError(
                .invalidName, "this leads out of the engine folder", at: "`\(name)`", mend: "give a file's plain name")
        }
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory that files are read into one after another.
///
/// Files are read rather than mapped: a file that shrinks under a map kills the process.
struct FileBuffer: ~Copyable {
    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0

    /// What is kept between files; the memory of a rare huge file is given back.
    private static let keptBytes = 32 << 20

    init() {
        memory = nil
    }

    deinit {
        free(memory)
    }

    /// Calls `body` with the content of the regular file at `path`.
    /// Throws `.notFound`, `.unreadable`, `.empty`, `.tooLarge`, `.outOfMemory`, or what `body` throws.
    mutating func withContents<Result>(
        of path: PhotoPath, maxBytes: Int, _ body: (UnsafeRawBufferPointer) throws(FaceImageError) -> Result
    ) throws(FaceImageError) -> Result {
        // Opening a pipe for reading would wait for a writer.
        let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw Self.failure(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let what = status.st_mode & S_IFMT == S_IFDIR ? "a folder, where a file is needed" : "not a regular file"
            throw FaceImageError(.unreadable, what: what, mend: "name a file")
        }
        let size = Int(status.st_size)
        guard size <= maxBytes else {
            throw FaceImageError(
                .tooLarge, what: "the file has \(size) bytes, more than the limit of \(maxBytes)",
                mend: "shrink the file or raise the limit on bytes")
        }
        try reserve(size)
        let count = try Self.fill(memory, from: descriptor, count: size)
        guard count > 0 else {
            throw FaceImageError(.empty, what: "the file is empty", mend: "copy the file again")
        }
        defer { shrink() }
        return try body(UnsafeRawBufferPointer(start: memory, count: count))
    }

    private mutating func reserve(_ size: Int) throws(FaceImageError) {
        guard size > capacity else { return }
        free(memory)
        capacity = 0
        // Rounded up, so that files of growing size do not each take new memory.
        let wanted = size.roundedUp(to: 1 << 16)
        memory = malloc(wanted)
        guard memory != nil else {
            throw FaceImageError(
                .outOfMemory, what: "no memory for \(size) bytes of the file",
                mend: "lower the limit on bytes or use fewer threads")
        }
        capacity = wanted
    }

    private mutating func shrink() {
        guard capacity > Self.keptBytes else { return }
        free(memory)
        memory = nil
        capacity = 0
    }

    /// Reads up to `count` bytes; fewer if the file has shrunk meanwhile.
    private static func fill(
        _ memory: UnsafeMutableRawPointer?, from descriptor: Int32, count: Int
    ) throws(FaceImageError) -> Int {
        guard let memory else { return 0 }
        var filled = 0
        while filled < count {
            let got = read(descriptor, memory + filled, count - filled)
            if got < 0 {
                if errno == EINTR { continue }
                throw failure(errno)
            }
            if got == 0 { break }
            filled += got
        }
        return filled
    }

    /// The error for a failed system call on a file or folder.
    static func failure(_ number: Int32) -> FaceImageError {
        switch number {
        case ENOENT, ENOTDIR:
            FaceImageError(.notFound, what: "no such file", mend: "check the path")
        case EACCES, EPERM:
            FaceImageError(.unreadable, what: "permission denied", mend: "make it readable for this user")
        default:
            FaceImageError(
                .unreadable, what: "cannot be read (\(String(cString: strerror(number))))",
                mend: "check the disk and the path")
        }
    }
}

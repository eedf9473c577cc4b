import Glibc

/// Bytes with one owner: a private read-only mapping of a file, or an allocation. Freed in `deinit`.
///
/// A mapped file must not be shortened while it is in use: reading past its new end raises SIGBUS.
package final class ByteStorage: Sendable {
    nonisolated(unsafe) private let base: UnsafeMutableRawPointer
    /// Size in bytes.
    package let count: Int
    /// Whether the bytes are pages of a file rather than memory of this process.
    package let isMapped: Bool

    private init(base: UnsafeMutableRawPointer, count: Int, isMapped: Bool) {
        self.base = base
        self.count = count
        self.isMapped = isMapped
    }

    /// Allocates `count` zeroed bytes and lets `fill` write them.
    package convenience init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) {
        let base = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 64)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: max(count, 1))
        fill(UnsafeMutableRawBufferPointer(start: base, count: count))
        self.init(base: base, count: count, isMapped: false)
    }

    /// A copy of `bytes`.
    package convenience init(_ bytes: [UInt8]) {
        self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    deinit {
        if isMapped {
            munmap(base, count)
        } else {
            base.deallocate()
        }
    }

    /// Maps the regular file at `path`.
    ///
    /// - Throws: `unreadableFile` with the system's reason, `notONNX` for an empty file.
    package static func map(path: String) throws(ONNXModelError) -> ByteStorage {
        // Without O_NONBLOCK a named pipe would wait for a writer for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw ONNXModelError(
                .unreadableFile, "the model can't be opened (\(systemReason()))", at: path,
                mend: "check the path and its permissions")
        }
        defer { close(descriptor) }
        return try map(descriptor: descriptor, path: path)
    }

    /// Maps the regular file that is open as `descriptor`, which may be closed afterwards; `path` is for messages.
    ///
    /// - Throws: as `map(path:)`.
    static func map(descriptor: Int32, path: String) throws(ONNXModelError) -> ByteStorage {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ONNXModelError(
                .unreadableFile, "the model is not a regular file", at: path, mend: "give the path of an .onnx file")
        }
        let count = Int(status.st_size)
        guard count > 0 else {
            throw ONNXModelError(.notONNX, "the file is empty", at: path, mend: "download or export the model again")
        }
        guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw ONNXModelError(
                .unreadableFile, "the model can't be mapped (\(systemReason()))", at: path, mend: "free some memory")
        }
        return ByteStorage(base: base, count: count, isMapped: true)
    }

    /// Gives the pages of a mapped file back to the system, which reads them again where somebody still needs them.
    ///
    /// All of them: a range would come back with its neighbours, since the system maps large pieces at once.
    package func releasePages() {
        if isMapped { madvise(base, count, MADV_DONTNEED) }
    }

    /// The bytes, valid for the length of the call.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: base, count: count))
    }
}

/// The text of the last system error.
func systemReason() -> String {
    String(cString: strerror(errno))
}

import Foundation

/// The bytes of a file, read in chunks so that its size doesn't matter.
package struct FileContents: Sendable {
    package let path: String
    private static let chunkSize = 1 << 20

    package init(path: String) {
        self.path = path
    }

    /// Calls `body` with one chunk after another.
    ///
    /// - Throws: `ArcFaceError` if the file can't be read, and what `body` throws.
    package func forEachChunk(_ body: (UnsafeRawBufferPointer) throws(ArcFaceError) -> Void) throws(ArcFaceError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ArcFaceError(.inputMissing, "can't be read: \(lastSystemError())", at: path)
        }
        defer { close(descriptor) }
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkSize, alignment: 64)
        defer { chunk.deallocate() }
        while true {
            let count = read(descriptor, chunk.baseAddress, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw ArcFaceError(.inputMissing, "can't be read: \(lastSystemError())", at: path)
            }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        }
    }
}

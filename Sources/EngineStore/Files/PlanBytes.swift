internal import Digests
internal import Glibc

/// The bytes of a plan in memory of this process, read-only, freed with the last reference.
///
/// A copy and not a mapping of the file: whoever can write to a mapped file changes what was verified after it was.
package final class PlanBytes: Sendable {
    nonisolated(unsafe) private let base: UnsafeMutableRawPointer
    /// Size in bytes.
    package let count: Int

    /// Reads a file and checks that it is what the manifest describes; what was hashed is what is kept.
    ///
    /// - Throws: `fileAltered`, `tooLarge`, `unreadable`.
    init(reading file: borrowing OpenFile, expecting facts: PlanFacts) throws(EngineStoreError) {
        let size = try file.size()
        try Self.require(size: size, expected: facts.bytes, at: file.path)
        let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory, memory != MAP_FAILED else {
            throw EngineStoreError.reading(errno, "there is no memory for \(size) bytes", at: file.path)
        }
        do throws(EngineStoreError) {
            var hasher = SHA256()
            var offset = 0
            while offset < size {
                let piece = UnsafeMutableRawBufferPointer(
                    start: memory + offset, count: min(Self.pieceSize, size - offset))
                let count = try file.read(into: piece, from: offset)
                // While the piece is in the cache.
                hasher.update(UnsafeRawBufferPointer(rebasing: piece.prefix(count)))
                offset += count
                try Self.require(size: count < piece.count ? offset : size, expected: size, at: file.path)
            }
            let digest = hasher.finalize()
            guard digest == facts.sha256 else {
                throw EngineStoreError.altered(found: digest, expected: facts.sha256, at: file.path)
            }
        } catch {
            munmap(memory, size)
            throw error
        }
        mprotect(memory, size, PROT_READ)
        base = memory
        count = size
    }

    /// Takes over bytes that were never in a file, such as those that a builder just gave.
    ///
    /// - Throws: `unreadable` if there is no memory for a second copy.
    init(copying bytes: UnsafeRawBufferPointer) throws(EngineStoreError) {
        let memory = mmap(nil, max(1, bytes.count), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory, memory != MAP_FAILED else {
            throw EngineStoreError.reading(errno, "there is no memory for \(bytes.count) bytes", at: "the plan")
        }
        if let source = bytes.baseAddress { memcpy(memory, source, bytes.count) }
        mprotect(memory, max(1, bytes.count), PROT_READ)
        base = memory
        count = bytes.count
    }

    deinit { munmap(base, max(1, count)) }

    /// The bytes, valid for the length of the call.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Larger than any plan of a face model by far; a file that claims more isn't worth the memory.
    package static let largest = 16 << 30

    private static let pieceSize = 1 << 20

    /// Refuses a size that isn't the manifest's, before anything is allocated for it.
    static func require(size: Int, expected: Int, at path: String) throws(EngineStoreError) {
        guard size == expected else {
            throw EngineStoreError(
                .fileAltered, "file altered: \(size) bytes, its manifest says \(expected)", at: path,
                mend: "build the engine again")
        }
        guard size <= largest else {
            throw EngineStoreError(
                .tooLarge, "\(size) bytes are too many for an engine", at: path, mend: "delete it, or move it elsewhere"
            )
        }
    }
}

/// A range of a `ByteStorage`, which it keeps alive. Copying it copies no bytes.
package struct ByteSlice: Sendable {
    /// The bytes that the slice is part of.
    package let storage: ByteStorage
    /// Offset of the first byte in `storage`.
    package let offset: Int
    /// Size in bytes.
    package let count: Int

    /// The part of `storage` that starts at `offset`; the caller has checked that it is inside.
    init(_ storage: ByteStorage, offset: Int, count: Int) {
        self.storage = storage
        self.offset = offset
        self.count = count
    }

    /// All of `storage`.
    package init(_ storage: ByteStorage) {
        self.init(storage, offset: 0, count: storage.count)
    }

    /// Whether the bytes are still pages of the file that they were read from.
    package var isMapped: Bool { storage.isMapped }

    /// The bytes, valid for the length of the call; not aligned.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withUnsafeBytes { (all) throws(Failure) -> Result in
            try body(UnsafeRawBufferPointer(rebasing: all[offset..<offset + count]))
        }
    }
}

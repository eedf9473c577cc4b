extension EmbeddingRuntime {
    /// Embeds faces in one call and normalises the rows, blocking.
    ///
    /// - Parameters:
    ///   - pixels: uint8 [count, 112, 112, 3], BGR.
    ///   - count: 1…`maximumBatch`.
    func embeddings(of pixels: some Collection<UInt8>, count: Int) throws(ArcFaceError) -> EmbeddingBatch {
        let width = information.embeddingWidth
        var failure: ArcFaceError?
        let raw = [Float](unsafeUninitializedCapacity: count * width) { buffer, filled in
            let output = UnsafeMutableBufferPointer(rebasing: buffer[..<(count * width)])
            // The model may leave no number unwritten, but nothing here relies on that.
            output.initialize(repeating: .nan)
            filled = count * width
            let result: Void? = pixels.withContiguousStorageIfAvailable { storage in
                do throws(ArcFaceError) {
                    try embed(UnsafeRawBufferPointer(storage), count: count, into: output)
                } catch {
                    failure = error
                }
            }
            if result == nil {
                failure = ArcFaceError(.invalidInput, "the pixels are not in one piece of memory")
            }
        }
        if let failure { throw failure }
        return EmbeddingBatch(raw: raw, width: width)
    }
}

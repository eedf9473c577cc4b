import FaceImages

extension EmbeddingRuntime {
    /// Embeds any number of faces, blocking: as many calls as the runtime's maximum asks for, one after another.
    ///
    /// - Parameter faces: uint8 [N, 112, 112, 3], BGR.
    /// - Returns: float32 [N, D] of unit length, and the norms.
    /// - Throws: `ArcFaceError` with the runtime's own message.
    package func embeddings(of faces: FaceBatch) throws(ArcFaceError) -> EmbeddingBatch {
        EmbeddingBatch(raw: try rawEmbeddings(of: faces), width: information.embeddingWidth)
    }

    /// The embeddings as the model gives them; otherwise as `embeddings(of:)`.
    ///
    /// - Parameters:
    ///   - faces: uint8 [N, 112, 112, 3], BGR.
    ///   - shouldStop: asked before each call of the runtime; true ends it with the code `cancelled`.
    ///   - progress: gets the number of faces done, after each call of the runtime.
    /// - Returns: float32 [N, D].
    /// - Throws: `ArcFaceError` with the runtime's own message.
    package func rawEmbeddings(
        of faces: FaceBatch, shouldStop: () -> Bool = { false }, progress: (Int) -> Void = { _ in }
    ) throws(ArcFaceError) -> [Float] {
        let runtime = serving
        let width = runtime.information.embeddingWidth
        // A number that the model didn't write must not pass for one that it did.
        var raw = [Float](repeating: .nan, count: faces.count * width)
        var start = 0
        while start < faces.count {
            if shouldStop() { throw .cancelled }
            let end = min(start + runtime.maximumBatch, faces.count)
            try runtime.embed(faces, start..<end, into: &raw, width: width)
            start = end
            progress(end)
        }
        embedded(faces.count, by: runtime)
        return raw
    }

    private func embed(
        _ faces: FaceBatch, _ range: Range<Int>, into raw: inout [Float], width: Int
    ) throws(ArcFaceError) {
        let bytes = range.lowerBound * FaceBatch.bytesPerFace..<range.upperBound * FaceBatch.bytesPerFace
        // A typed throw can't leave the closures, so the result carries the error out.
        let failure: ArcFaceError? = raw.withUnsafeMutableBufferPointer { raw in
            let rows = UnsafeMutableBufferPointer(rebasing: raw[range.lowerBound * width..<range.upperBound * width])
            return faces.withUnsafeBytes { pixels in
                do throws(ArcFaceError) {
                    try embed(UnsafeRawBufferPointer(rebasing: pixels[bytes]), count: range.count, into: rows)
                    return nil
                } catch {
                    return error
                }
            }
        }
        if let failure { throw failure }
    }
}

/// How well a candidate's embedding of one face agrees with the reference's.
package struct FaceAgreement: Sendable, Equatable {
    /// The cosine similarity, −1…1; NaN where either embedding has no direction.
    package let cosine: Double
    /// The distance of the unit vectors, 0…2; NaN where either has no direction.
    package let l2: Double
    /// The length of the reference's embedding.
    package let referenceNorm: Double
    /// The length of the candidate's embedding.
    package let candidateNorm: Double

    /// Compares row by row; see `AgreementMetrics`.
    ///
    /// - Parameters:
    ///   - reference: Raw embeddings, row-major [N,width].
    ///   - candidate: As many values, in the same order of faces.
    ///   - width: Values in an embedding.
    /// - Returns: N agreements.
    /// - Throws: `EvaluationError` when a set is empty or sizes differ.
    package static func perFace(
        reference: UnsafeBufferPointer<Float>, candidate: UnsafeBufferPointer<Float>, width: Int
    ) throws(EvaluationError) -> [FaceAgreement] {
        let left = try EmbeddingRows(reference, width: width)
        let right = try EmbeddingRows(candidate, width: width)
        guard left.count == right.count else {
            throw EvaluationError(
                code: .sizeMismatch,
                what: "the reference has \(left.count) embeddings, the candidate \(right.count)")
        }
        return (0..<left.count).map { row in
            FaceAgreement(
                cosine: EmbeddingRows.cosine(left, row, right, row), l2: EmbeddingRows.distance(left, row, right, row),
                referenceNorm: left.lengths[row], candidateNorm: right.lengths[row])
        }
    }

    /// For each row of the candidate the row of the reference that it is most like, of those in the same window.
    ///
    /// - Parameters:
    ///   - reference: Raw embeddings, row-major [N,width].
    ///   - candidate: As many values.
    ///   - width: Values in an embedding.
    ///   - window: Rows that may have been exchanged among themselves, from the first on; 1 or more.
    /// - Returns: N places; a row without a direction is matched with its own.
    /// - Throws: `EvaluationError` when a set is empty.
    package static func nearestRows(
        reference: UnsafeBufferPointer<Float>, candidate: UnsafeBufferPointer<Float>, width: Int, window: Int
    ) throws(EvaluationError) -> [Int] {
        let left = try EmbeddingRows(reference, width: width)
        let right = try EmbeddingRows(candidate, width: width)
        return (0..<right.count).map { row in
            let start = row / window * window
            var best = (place: row, cosine: EmbeddingRows.cosine(left, row, right, row))
            guard !best.cosine.isNaN else { return row }
            for other in start..<min(start + window, left.count) {
                let cosine = EmbeddingRows.cosine(left, other, right, row)
                if cosine > best.cosine { best = (other, cosine) }
            }
            return best.place
        }
    }
}

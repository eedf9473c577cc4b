/// Cosine similarities of named pairs of embeddings.
package enum PairSimilarity {
    /// The cosine of each pair, −1…1, in double precision; NaN where either embedding has no direction (zero, NaN or
    /// infinity in it).
    ///
    /// - Parameters:
    ///   - gallery: row-major [N,width], raw or of unit length.
    ///   - probes: row-major [M,width]; equal to `gallery` where one model made both.
    ///   - width: numbers an embedding.
    ///   - pairs: places in `gallery` and in `probes`.
    /// - Returns: one number for each pair.
    /// - Throws: `EvaluationError` when there are no embeddings or sizes differ.
    package static func cosines(
        gallery: [Float], probes: [Float], width: Int, pairs: [(gallery: Int, probe: Int)]
    ) throws(EvaluationError) -> [Double] {
        let left = try gallery.withUnsafeBufferPointer { (values) throws(EvaluationError) in
            try EmbeddingRows(values, width: width)
        }
        let right = try probes.withUnsafeBufferPointer { (values) throws(EvaluationError) in
            try EmbeddingRows(values, width: width)
        }
        guard pairs.allSatisfy({ $0.gallery < left.count && $0.probe < right.count }) else {
            throw EvaluationError(code: .sizeMismatch, what: "a pair names an embedding that isn't there")
        }
        return pairs.map { EmbeddingRows.cosine(left, $0.gallery, right, $0.probe) }
    }
}

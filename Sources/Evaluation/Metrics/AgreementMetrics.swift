/// How well the embeddings of a candidate agree with those of a reference for the same faces, face by face.
///
/// Cosine and L2 are measured on unit vectors in double precision, so that L2² = 2(1 − cos). A face whose embedding has
/// no direction on either side (zero, or NaN or infinity in it) counts in `undefinedCount` and in nothing else.
public struct AgreementMetrics: Sendable, Equatable, Codable {
    /// Faces compared, those without a direction included.
    public var count: Int
    /// Faces with an embedding that has no direction.
    public var undefinedCount: Int
    /// NaN values among the reference's and the candidate's numbers.
    public var nanCount: Int
    /// Infinite values among the reference's and the candidate's numbers.
    public var infinityCount: Int
    /// The mean cosine similarity, from -1 to 1; like all that follows, NaN when no face has a direction on both sides.
    public var cosineMean: Double
    /// The smallest cosine similarity.
    public var cosineMin: Double
    /// The 1st percentile of the cosine similarities, NumPy's linear kind.
    public var cosineP1: Double
    /// The median cosine similarity.
    public var cosineMedian: Double
    /// The mean distance of unit vectors, from 0 to 2.
    public var l2Mean: Double
    /// The largest distance of unit vectors.
    public var l2Max: Double
    /// The mean of the candidate's length over the reference's.
    public var normRatioMean: Double
    /// The smallest ratio of lengths.
    public var normRatioMin: Double
    /// The largest ratio of lengths.
    public var normRatioMax: Double

    /// Compares row by row.
    ///
    /// - Parameters:
    ///   - reference: Row-major [N,width]; unit vectors or raw ones.
    ///   - candidate: As many values, in the same order of faces.
    ///   - width: Values in an embedding.
    ///   - referenceNorms: Raw lengths, N of them, where `reference` holds unit vectors; nil takes the rows' own.
    ///   - candidateNorms: Likewise for the candidate.
    /// - Throws: `EvaluationError` when a set is empty or sizes differ.
    public init(
        reference: UnsafeBufferPointer<Float>, candidate: UnsafeBufferPointer<Float>, width: Int,
        referenceNorms: [Float]? = nil, candidateNorms: [Float]? = nil
    ) throws(EvaluationError) {
        let left = try EmbeddingRows(reference, width: width)
        let right = try EmbeddingRows(candidate, width: width)
        let norms = [referenceNorms?.count, candidateNorms?.count].compactMap { $0 }
        guard left.count == right.count, norms.allSatisfy({ $0 == left.count }) else {
            throw EvaluationError(
                code: .sizeMismatch,
                what: "the reference has \(left.count) embeddings, the candidate \(right.count)"
                    + (norms.isEmpty ? "" : ", beside \(norms.map(String.init).joined(separator: " and ")) norms"))
        }
        let cosines = (0..<left.count).map { EmbeddingRows.cosine(left, $0, right, $0) }
        let defined = cosines.indices.filter { !cosines[$0].isNaN }
        let sorted = defined.map { cosines[$0] }.sorted()
        let distances = defined.map { EmbeddingRows.distance(left, $0, right, $0) }
        let ratios = defined.map { row in
            let reference = referenceNorms.map { Double($0[row]) } ?? left.lengths[row]
            let candidate = candidateNorms.map { Double($0[row]) } ?? right.lengths[row]
            return candidate / reference
        }
        count = left.count
        undefinedCount = left.count - defined.count
        nanCount = left.nanCount + right.nanCount
        infinityCount = left.infinityCount + right.infinityCount
        cosineMean = Percentile.mean(sorted)
        cosineMin = sorted.first ?? .nan
        cosineP1 = Percentile.linear(sorted, 1)
        cosineMedian = Percentile.linear(sorted, 50)
        l2Mean = Percentile.mean(distances)
        l2Max = distances.max() ?? .nan
        normRatioMean = Percentile.mean(ratios)
        normRatioMin = ratios.min() ?? .nan
        normRatioMax = ratios.max() ?? .nan
    }
}

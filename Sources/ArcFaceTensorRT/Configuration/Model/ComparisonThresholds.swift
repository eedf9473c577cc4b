/// A target and a warning limit for each of three measures of agreement over pairs of unit-length embeddings.
///
/// Meeting a target is a PASS, lying between target and warning limit a WARN, beyond the warning limit a FAIL. On unit
/// vectors L2² = 2(1 − cos), so cosines lie in -1…1 and distances in 0…2.
public struct ComparisonThresholds: Sendable, Equatable {
    /// `min_cosine_similarity`: the target for the mean cosine, which must be at least this.
    public var minCosineSimilarity: Double
    /// `warn_cosine_similarity`: a mean cosine below this fails. At most ``minCosineSimilarity``.
    public var warnCosineSimilarity: Double
    /// `min_cosine_worst`: the target for the smallest cosine, which must be at least this.
    public var minCosineWorst: Double
    /// `warn_cosine_worst`: a smallest cosine below this fails. At most ``minCosineWorst``.
    public var warnCosineWorst: Double
    /// `max_l2_mean`: the target for the mean L2 distance, which must be below this.
    public var maxL2Mean: Double
    /// `warn_l2_mean`: a mean L2 distance above this fails. At least ``maxL2Mean``.
    public var warnL2Mean: Double

    /// What fp32 and fp16 engines are held to.
    public static let floatingPointDefaults = ComparisonThresholds(
        minCosineSimilarity: 0.995, warnCosineSimilarity: 0.990, minCosineWorst: 0.990, warnCosineWorst: 0.980,
        maxL2Mean: 0.05, warnL2Mean: 0.10)

    /// What int8 engines are held to.
    public static let int8Defaults = ComparisonThresholds(
        minCosineSimilarity: 0.995, warnCosineSimilarity: 0.990, minCosineWorst: 0.98, warnCosineWorst: 0.96,
        maxL2Mean: 0.10, warnL2Mean: 0.14)

    /// Makes a set of thresholds.
    public init(
        minCosineSimilarity: Double, warnCosineSimilarity: Double, minCosineWorst: Double, warnCosineWorst: Double,
        maxL2Mean: Double, warnL2Mean: Double
    ) {
        self.minCosineSimilarity = minCosineSimilarity
        self.warnCosineSimilarity = warnCosineSimilarity
        self.minCosineWorst = minCosineWorst
        self.warnCosineWorst = warnCosineWorst
        self.maxL2Mean = maxL2Mean
        self.warnL2Mean = warnL2Mean
    }
}

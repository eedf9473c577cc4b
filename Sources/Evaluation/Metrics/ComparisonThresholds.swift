/// From where on agreement with a reference is good, and from where on it isn't.
///
/// The names in configuration files are in parentheses.
public struct ComparisonThresholds: Sendable, Equatable, Codable {
    /// The mean cosine passes from here up (`min_cosine_similarity`).
    public var minCosineSimilarity: Double
    /// The mean cosine fails below this (`warn_cosine_similarity`).
    public var warnCosineSimilarity: Double
    /// The smallest cosine passes from here up (`min_cosine_worst`).
    public var minCosineWorst: Double
    /// The smallest cosine fails below this (`warn_cosine_worst`).
    public var warnCosineWorst: Double
    /// The mean L2 passes below this (`max_l2_mean`).
    public var maxL2Mean: Double
    /// The mean L2 fails above this (`warn_l2_mean`).
    public var warnL2Mean: Double

    /// Thresholds as given, those of `standard` where none is given.
    public init(
        minCosineSimilarity: Double = 0.995, warnCosineSimilarity: Double = 0.990, minCosineWorst: Double = 0.990,
        warnCosineWorst: Double = 0.980, maxL2Mean: Double = 0.05, warnL2Mean: Double = 0.10
    ) {
        self.minCosineSimilarity = minCosineSimilarity
        self.warnCosineSimilarity = warnCosineSimilarity
        self.minCosineWorst = minCosineWorst
        self.warnCosineWorst = warnCosineWorst
        self.maxL2Mean = maxL2Mean
        self.warnL2Mean = warnL2Mean
    }

    /// For float32 and float16 engines. An L2 of 0.05 is a cosine of 0.99875, so the L2 mean is the strict one.
    public static let standard = ComparisonThresholds()

    /// For int8 engines, which never reach the L2 of the standard.
    public static let int8 = ComparisonThresholds(
        minCosineSimilarity: 0.995, warnCosineSimilarity: 0.990, minCosineWorst: 0.98, warnCosineWorst: 0.96,
        maxL2Mean: 0.10, warnL2Mean: 0.14)

    /// Judges a comparison. A face without a direction on either side fails it, whatever the other faces say.
    public func judge(_ metrics: AgreementMetrics) -> ComparisonJudgement {
        ComparisonJudgement(
            cosineMean: .atLeast(metrics.cosineMean, target: minCosineSimilarity, warning: warnCosineSimilarity),
            cosineMin: .atLeast(metrics.cosineMin, target: minCosineWorst, warning: warnCosineWorst),
            l2Mean: .below(metrics.l2Mean, target: maxL2Mean, warning: warnL2Mean),
            finite: metrics.undefinedCount == 0 && metrics.nanCount == 0 && metrics.infinityCount == 0 ? .pass : .fail)
    }
}

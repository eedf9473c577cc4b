/// A comparison's result, measure by measure.
public struct ComparisonJudgement: Sendable, Equatable, Codable {
    /// Of the mean cosine.
    public var cosineMean: Verdict
    /// Of the smallest cosine.
    public var cosineMin: Verdict
    /// Of the mean L2.
    public var l2Mean: Verdict
    /// Whether every number is finite and every embedding has a direction.
    public var finite: Verdict

    /// The worst of them.
    public var overall: Verdict {
        max(cosineMean, cosineMin, l2Mean, finite)
    }
}

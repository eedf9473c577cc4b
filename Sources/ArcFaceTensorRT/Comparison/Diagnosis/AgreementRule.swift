import Evaluation

/// From where on two sets of embeddings count as the same, and when a difference must be explained.
struct AgreementRule: Sendable {
    /// Both sides compute in float32, so that nothing but rounding may differ.
    let isExact: Bool
    /// What other paths are held to.
    let thresholds: ComparisonThresholds

    /// On an exact path the mean cosine is at least this.
    static let exactCosine = 0.99999
    /// On an exact path the mean L2 is at most this. Rounding alone stays below 1e-5 on a CPU; a scale of 128 for 127.5 gives 3e-3.
    static let exactL2 = 3e-4
    /// An explanation must take away this part of the difference at least.
    private static let leastGain = 2.0 / 3
    /// Part of the difference that a first explanation must take away for a second to be tried on top.
    private static let leastPartialGain = 0.25

    /// Why a comparison asks for an explanation; nil if it doesn't.
    func reason(_ metrics: AgreementMetrics) -> String? {
        let verdict = thresholds.judge(metrics).overall
        if verdict != .pass { return "the verdict is \(verdict.rawValue)" }
        guard isExact else { return nil }
        if metrics.cosineMean < Self.exactCosine {
            return "both sides compute in fp32, and the mean cosine is below \(Self.exactCosine)"
        }
        return metrics.l2Mean > Self.exactL2
            ? "both sides compute in fp32, and the mean L2 is above what rounding gives (\(Self.exactL2))" : nil
    }

    /// Whether an explanation makes the candidate agree.
    func restores(_ metrics: AgreementMetrics, from before: AgreementMetrics) -> Bool {
        guard metrics.undefinedCount == before.undefinedCount,
            metrics.l2Mean <= before.l2Mean * (1 - Self.leastGain)
        else { return false }
        return isExact
            ? metrics.cosineMean >= Self.exactCosine && metrics.l2Mean <= Self.exactL2
            : thresholds.judge(metrics).cosineMean == .pass && thresholds.judge(metrics).l2Mean == .pass
    }

    /// Whether an explanation makes the candidate agree better, if not well.
    func improves(_ metrics: AgreementMetrics, from before: AgreementMetrics) -> Bool {
        metrics.l2Mean <= before.l2Mean * (1 - Self.leastPartialGain)
    }
}

package import Evaluation

extension ComparisonReport {
    /// The figures against their thresholds, in the order in which people read them.
    package var measures: [ComparisonPage.Measure] {
        let (limits, verdicts) = (thresholds, judgement)
        var measures = [
            ComparisonPage.Measure(
                "cosine, mean", metrics.cosineMean, target: "≥ \(limits.minCosineSimilarity)",
                fails: "< \(limits.warnCosineSimilarity)", verdict: verdicts.cosineMean),
            ComparisonPage.Measure(
                "cosine, least", metrics.cosineMin, target: "≥ \(limits.minCosineWorst)",
                fails: "< \(limits.warnCosineWorst)", verdict: verdicts.cosineMin),
            ComparisonPage.Measure("cosine, 1 % of faces", metrics.cosineP1),
            ComparisonPage.Measure("cosine, median", metrics.cosineMedian),
            ComparisonPage.Measure(
                "L2, mean", metrics.l2Mean, target: "< \(limits.maxL2Mean)", fails: "> \(limits.warnL2Mean)",
                verdict: verdicts.l2Mean),
            ComparisonPage.Measure("L2, largest", metrics.l2Max),
            ComparisonPage.Measure("norm / the reference's", metrics.normRatioMean),
        ]
        if let worst = batches.sizes.max(by: { $0.largestL2 < $1.largestL2 }) {
            measures.append(
                ComparisonPage.Measure(
                    "L2 of batch and alone", worst.largestL2, target: "≤ \(batches.tolerance)",
                    fails: "> \(batches.tolerance)", verdict: batches.verdict))
        }
        return measures
    }

    /// Numbers that aren't finite, in words; nil if there are none.
    package var unusual: String? {
        guard judgement.finite != .pass else { return nil }
        return "\(metrics.nanCount) NaN, \(metrics.infinityCount) infinite numbers; \(metrics.undefinedCount) of "
            + "\(metrics.count) faces have no embedding"
    }
}

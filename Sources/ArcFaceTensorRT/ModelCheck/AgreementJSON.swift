import Evaluation

/// How two sets of embeddings agree, as JSON has it.
struct AgreementJSON: Encodable {
    let cosine_mean, cosine_min, cosine_p1, cosine_median, l2_mean, l2_max: Nullable<Double>
    let norm_ratio_mean, norm_ratio_min, norm_ratio_max: Nullable<Double>
    let undefined, nan, infinity: Int

    init(_ metrics: AgreementMetrics) {
        cosine_mean = finite(metrics.cosineMean)
        cosine_min = finite(metrics.cosineMin)
        cosine_p1 = finite(metrics.cosineP1)
        cosine_median = finite(metrics.cosineMedian)
        l2_mean = finite(metrics.l2Mean)
        l2_max = finite(metrics.l2Max)
        norm_ratio_mean = finite(metrics.normRatioMean)
        norm_ratio_min = finite(metrics.normRatioMin)
        norm_ratio_max = finite(metrics.normRatioMax)
        undefined = metrics.undefinedCount
        nan = metrics.nanCount
        infinity = metrics.infinityCount
    }
}

/// What that means, measure by measure, as JSON has it.
struct VerdictsJSON: Encodable {
    let cosine_mean, cosine_min, l2_mean, finite: Verdict

    init(_ judgement: ComparisonJudgement) {
        cosine_mean = judgement.cosineMean
        cosine_min = judgement.cosineMin
        l2_mean = judgement.l2Mean
        finite = judgement.finite
    }
}

/// What it was judged by, as JSON has it.
struct ThresholdsJSON: Encodable {
    let section: String
    let min_cosine_similarity, warn_cosine_similarity, min_cosine_worst, warn_cosine_worst: Double
    let max_l2_mean, warn_l2_mean: Double

    init(_ thresholds: ComparisonThresholds, section: String) {
        self.section = section
        min_cosine_similarity = thresholds.minCosineSimilarity
        warn_cosine_similarity = thresholds.warnCosineSimilarity
        min_cosine_worst = thresholds.minCosineWorst
        warn_cosine_worst = thresholds.warnCosineWorst
        max_l2_mean = thresholds.maxL2Mean
        warn_l2_mean = thresholds.warnL2Mean
    }
}

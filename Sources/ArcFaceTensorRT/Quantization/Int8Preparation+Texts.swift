import Evaluation
import Foundation

extension Int8Preparation {
    /// How much an embedding turns for one layer alone: `alone it costs 0.00093 of the cosine`.
    static func reason(_ error: Double?) -> String {
        guard let error else { return "there was no time to look at it alone" }
        return error.isNaN ? "alone it leaves no embedding" : String(format: "alone it costs %.2g of the cosine", error)
    }

    /// `10 min`, `1.5 min`, `3 s`.
    static func minutes(_ duration: Duration) -> String {
        let seconds = duration.inSeconds
        return seconds < 60 ? String(format: "%g s", seconds) : String(format: "%g min", (seconds / 6).rounded() / 10)
    }

    /// One line about a graph that was judged.
    static func progress(_ kept: Int, _ agreement: AgreementMetrics, _ accepted: Bool) -> String {
        let which = kept == 0 ? "all in 8 bits" : "\(kept) in float32"
        return String(
            format: "%@: cosine mean %.5f, min %.5f, L2 mean %.4f: %@", which, agreement.cosineMean,
            agreement.cosineMin,
            agreement.l2Mean, accepted ? "enough" : "not enough")
    }
}

extension ComparisonThresholds {
    /// The targets brought nearer to perfection: only `share` of the error that they allow is left.
    func tightened(_ share: Double) -> ComparisonThresholds {
        var strict = self
        strict.minCosineSimilarity = 1 - (1 - minCosineSimilarity) * share
        strict.minCosineWorst = 1 - (1 - minCosineWorst) * share
        // L2² = 2(1 − cosine): the same share of the error.
        strict.maxL2Mean = maxL2Mean * share.squareRoot()
        return strict
    }
}

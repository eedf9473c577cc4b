import Evaluation
import Foundation

extension DiagnosisRun {
    /// `the cosine rises from 0.944 to 0.99999`; L2 where the cosine is too near to 1 to tell.
    static func rise(_ before: AgreementMetrics, _ after: AgreementMetrics) -> String {
        before.cosineMean < 0.9999
            ? "the cosine rises from \(cosine(before.cosineMean)) to \(cosine(after.cosineMean))"
            : "the L2 falls from \(distance(before.l2Mean)) to \(distance(after.l2Mean))"
    }

    /// A cosine with so many digits that it isn't taken for 1: cut, not rounded.
    static func cosine(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let digits = value < 0.9995 ? 1e4 : 1e6
        return String(format: value < 0.9995 ? "%.4f" : "%.6f", (value * digits).rounded(.down) / digits)
    }

    /// A distance with two digits that count.
    static func distance(_ value: Double) -> String {
        value.isFinite ? String(format: "%.2g", value) : "–"
    }
}

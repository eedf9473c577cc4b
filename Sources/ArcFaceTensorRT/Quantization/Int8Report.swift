import Evaluation
import Foundation
import ONNXModel

/// What came of making a model int8.
package struct Int8Report: Sendable {
    /// Something that stays in float32.
    package struct Kept: Sendable, Equatable {
        /// The operator and the node's name: `Conv 'conv_1'`.
        package let node: String
        /// Why, in a few words.
        package let reason: String
    }

    /// For which runtime.
    package let target: Int8Target
    /// How thresholds were found.
    package let method: CalibrationMethod
    /// Faces that ranges were measured on, and faces that the result was judged on.
    package let calibrationFaces: Int
    package let heldOutFaces: Int
    /// Layers and residual additions in 8 bits, and those that could be.
    package let quantizedCount: Int
    package let unitCount: Int
    /// What stays in float32, the most sensitive first.
    package let kept: [Kept]
    /// Agreement with float32 on the held-out faces.
    package let agreement: AgreementMetrics
    /// The verdict by the thresholds given.
    package let judgement: ComparisonJudgement
    /// Graphs that were run to rank and to judge.
    package let rankings: Int
    package let judgements: Int
    /// The time limit, if the search was cut short by it.
    package let cutShortAfter: Duration?

    /// `cosine mean 0.99581, min 0.99310, L2 mean 0.0911 on 64 held-out faces`.
    package var agreementText: String {
        String(
            format: "cosine mean %.5f, min %.5f, L2 mean %.4f on %d held-out faces", agreement.cosineMean,
            agreement.cosineMin, agreement.l2Mean, heldOutFaces)
    }

    /// What was done, one line each.
    package var notes: [PassNote] {
        let pass = "int8"
        let searched = rankings > 0 ? "; \(rankings) graphs ranked, \(judgements) judged" : ""
        return [
            PassNote(
                pass,
                "\(quantizedCount) of \(unitCount) layers in 8 bits, scales by \(method.rawValue) "
                    + "on \(calibrationFaces) faces\(searched)")
        ] + kept.map { PassNote(pass, "\($0.node) stays in float32: \($0.reason)") }
            + (cutShortAfter.map { [PassNote(pass, Self.cutShort($0))] } ?? [])
            + [PassNote(pass, "\(agreementText): \(judgement.overall.rawValue)")]
    }

    private static func cutShort(_ limit: Duration) -> String {
        "the time limit of \(Int8Preparation.minutes(limit)) cut the search short: more layers may stay in float32 than "
            + "need to, and another run may choose others"
    }
}

import Evaluation
import Foundation

extension ModelCheckReport {
    /// The report as one JSON object, keys sorted. Numbers that aren't finite are null.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Only strings, booleans and finite numbers: encoding can't fail, and an empty object would show if it did.
        return (try? encoder.encode(Document(self))).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// The report as it is written; the names are the JSON's.
private struct Document: Encodable {
    struct Model: Encodable {
        let path: String
        let precision: String
        let preprocessing: String
        let embedding_width: Int

        init(_ side: ModelCheckReport.Side) {
            path = side.path
            precision = side.precision.rawValue
            preprocessing = side.preprocessing
            embedding_width = side.width
        }
    }

    struct Layer: Encodable {
        let position: Int
        let op, node, value, candidate_value: String
        let shape: [Int]
        let cosine, relative_l2, inputs_error: Nullable<Double>
        let max_difference: Double
        let reference_nan, candidate_nan, reference_infinity, candidate_infinity: Int
        let differs, without_effect: Bool

        init(_ layer: LayerComparison.Layer, threshold: Double) {
            position = layer.position
            op = layer.op
            node = layer.node
            value = layer.value
            candidate_value = layer.candidateValue
            shape = layer.shape
            cosine = finite(layer.agreement.cosine)
            relative_l2 = finite(layer.agreement.relativeL2)
            inputs_error = finite(layer.inputError)
            max_difference = layer.agreement.maximumDifference
            reference_nan = layer.agreement.referenceNaNCount
            candidate_nan = layer.agreement.candidateNaNCount
            reference_infinity = layer.agreement.referenceInfinityCount
            candidate_infinity = layer.agreement.candidateInfinityCount
            differs = layer.agreement.error > threshold
            without_effect = layer.isWithoutEffect
        }
    }

    struct Layers: Encodable {
        let faces: Int
        let threshold: Double
        let departure, steepest: Nullable<Layer>
        let worst_first: [Layer]
        let only_in_reference, only_in_candidate: Int

        init(_ comparison: LayerComparison) {
            faces = comparison.faceCount
            threshold = comparison.threshold
            departure = Nullable(comparison.departure.map { Layer($0, threshold: comparison.threshold) })
            steepest = Nullable(comparison.steepest.map { Layer($0, threshold: comparison.threshold) })
            worst_first = comparison.worstFirst.map { Layer($0, threshold: comparison.threshold) }
            only_in_reference = comparison.onlyInReference
            only_in_candidate = comparison.onlyInCandidate
        }
    }

    let verdict: Verdict
    let reference, candidate: Model
    let faces: String
    let face_count: Int
    let failures: [String]
    let runtime: String
    let agreement: AgreementJSON
    let verdicts: VerdictsJSON
    let thresholds: ThresholdsJSON
    let layers: Nullable<Layers>

    init(_ report: ModelCheckReport) {
        verdict = report.verdict
        reference = Model(report.reference)
        candidate = Model(report.candidate)
        faces = report.faces
        face_count = report.faceCount
        failures = report.failures
        runtime = report.runtime
        agreement = AgreementJSON(report.agreement)
        verdicts = VerdictsJSON(report.judgement)
        thresholds = ThresholdsJSON(report.thresholds, section: report.thresholdsKey)
        layers = Nullable(report.layers.map { Layers($0) })
    }
}

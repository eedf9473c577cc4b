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

    struct Agreement: Encodable {
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

    struct Verdicts: Encodable {
        let cosine_mean, cosine_min, l2_mean, finite: Verdict

        init(_ judgement: ComparisonJudgement) {
            cosine_mean = judgement.cosineMean
            cosine_min = judgement.cosineMin
            l2_mean = judgement.l2Mean
            finite = judgement.finite
        }
    }

    struct Thresholds: Encodable {
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
    let agreement: Agreement
    let verdicts: Verdicts
    let thresholds: Thresholds
    let layers: Nullable<Layers>

    init(_ report: ModelCheckReport) {
        verdict = report.verdict
        reference = Model(report.reference)
        candidate = Model(report.candidate)
        faces = report.faces
        face_count = report.faceCount
        failures = report.failures
        runtime = report.runtime
        agreement = Agreement(report.agreement)
        verdicts = Verdicts(report.judgement)
        thresholds = Thresholds(report.thresholds, section: report.thresholdsKey)
        layers = Nullable(report.layers.map { Layers($0) })
    }
}

/// A value that is written as null if there is none, where `Optional` would leave its key out.
private struct Nullable<Value: Encodable>: Encodable {
    let value: Value?

    init(_ value: Value?) {
        self.value = value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value { try container.encode(value) } else { try container.encodeNil() }
    }
}

private func finite(_ value: Double) -> Nullable<Double> {
    Nullable(value.isFinite ? value : nil)
}

import Evaluation
import Foundation

extension ComparisonReport {
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
    struct Side: Encodable {
        let backend, version, device, precision, path, preprocessing: String

        init(_ side: ComparisonReport.Side) {
            backend = side.information.backend
            version = side.information.runtimeVersion
            device = side.information.device
            precision = side.precision.rawValue
            path = side.path
            preprocessing = side.information.preprocessing
        }
    }

    struct Face: Encodable {
        let number: Int
        let name: String
        let cosine, l2, reference_norm, candidate_norm: Nullable<Double>

        init(_ face: ComparisonReport.Face) {
            number = face.number
            name = face.name
            cosine = finite(face.agreement.cosine)
            l2 = finite(face.agreement.l2)
            reference_norm = finite(face.agreement.referenceNorm)
            candidate_norm = finite(face.agreement.candidateNorm)
        }
    }

    struct Batch: Encodable {
        struct Slot: Encodable {
            let slot: Int
            let l2: Nullable<Double>
            let holds: Nullable<Int>
        }

        let size: Int
        let l2_max: Nullable<Double>
        let verdict: Verdict
        let wrong_slots: [Slot]

        init(_ size: BatchInvariance.Size) {
            self.size = size.size
            l2_max = finite(size.largestL2)
            verdict = size.verdict
            wrong_slots = size.wrong.map { Slot(slot: $0.slot, l2: finite($0.l2), holds: Nullable($0.holds)) }
        }
    }

    struct Explanation: Encodable {
        struct Finding: Encodable {
            let kind, sentence, mend: String
        }

        struct Trial: Encodable {
            let kind, name: String
            let cosine_mean, l2_mean: Nullable<Double>
        }

        let reason: String
        let faces: Int
        let findings: [Finding]
        let trials: [Trial]
        let remarks: [String]

        init(_ diagnosis: Diagnosis) {
            reason = diagnosis.reason
            faces = diagnosis.faceCount
            findings = diagnosis.findings.map { Finding(kind: $0.kind, sentence: $0.sentence, mend: $0.mend) }
            trials = diagnosis.trials.map {
                Trial(
                    kind: $0.kind, name: $0.name, cosine_mean: finite($0.cosineMean), l2_mean: finite($0.l2Mean))
            }
            remarks = diagnosis.remarks
        }
    }

    let verdict: Verdict
    let reference, candidate: Side
    let faces: String
    let face_count: Int
    let failures, notes, warnings: [String]
    let agreement: AgreementJSON
    let verdicts: VerdictsJSON
    let thresholds: ThresholdsJSON
    let batches: [Batch]
    let worst: [Face]
    let diagnosis: Nullable<Explanation>

    init(_ report: ComparisonReport) {
        verdict = report.verdict
        reference = Side(report.reference)
        candidate = Side(report.candidate)
        faces = report.faces.label
        face_count = report.faces.faces.count
        failures = report.faces.failures
        notes = report.notes
        warnings = report.warnings
        agreement = AgreementJSON(report.metrics)
        verdicts = VerdictsJSON(report.judgement)
        thresholds = ThresholdsJSON(report.thresholds, section: report.thresholdsKey)
        batches = report.batches.sizes.map(Batch.init)
        worst = report.worst.map(Face.init)
        diagnosis = Nullable(report.diagnosis.map { Explanation($0) })
    }
}

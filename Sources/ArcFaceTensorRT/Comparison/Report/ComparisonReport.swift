package import Evaluation
import FaceImages

/// How well a candidate agrees with its reference, and why it doesn't.
package struct ComparisonReport: Sendable {
    /// One of both.
    package struct Side: Sendable {
        /// What runs where.
        package let information: EmbedderInformation
        /// What it computes in.
        package let precision: Precision
        /// The ONNX file or engine that it runs.
        package let path: String

        init(_ reference: ComparisonReference) {
            information = reference.runtime.information
            precision = .fp32
            path = reference.runtime.information.modelPath
        }

        init(_ candidate: ComparisonCandidate) {
            information = candidate.runtime.information
            precision = candidate.precision
            path = information.modelPath
        }

        /// `pytorch 1.13.1, fp32, CPU, 2 threads`.
        package var text: String {
            "\(information.backend) \(information.runtimeVersion), \(precision.rawValue), \(information.device)"
        }
    }

    /// A face, and how well both embeddings of it agree.
    package struct Face: Sendable {
        /// Its place among the faces, from 0.
        package let number: Int
        /// Where it comes from.
        package let name: String
        /// How well both embeddings agree.
        package let agreement: FaceAgreement
    }

    /// Faces that are listed as the worst.
    package static let worstCount = 10

    /// What is right.
    package let reference: Side
    /// What is judged by it.
    package let candidate: Side
    /// The faces that both embedded.
    package let faces: FaceSet
    /// How well the embeddings agree.
    package let metrics: AgreementMetrics
    /// The same, face by face.
    package let perFace: [FaceAgreement]
    /// What the agreement was judged by.
    package let thresholds: ComparisonThresholds
    /// The section of the configuration that the thresholds are from.
    package let thresholdsKey: String
    /// What that means, measure by measure.
    package let judgement: ComparisonJudgement
    /// Whether the candidate's embeddings depend on the batch.
    package let batches: BatchInvariance
    /// What explains a difference; nil where nothing asks for an explanation.
    package let diagnosis: Diagnosis?
    /// What a reader must know of the figures, one sentence each.
    package let notes: [String]
    /// What isn't as it was asked for, one sentence each.
    package let warnings: [String]

    /// The worst of all measures.
    package var verdict: Verdict { max(judgement.overall, batches.verdict) }

    /// The faces that agree least, the worst first; one without an embedding is worse than any other.
    package var worst: [Face] {
        func badness(_ agreement: FaceAgreement) -> Double { agreement.l2.isNaN ? .infinity : agreement.l2 }
        let places = perFace.indices.sorted { (badness(perFace[$1]), $0) < (badness(perFace[$0]), $1) }
        return places.prefix(Self.worstCount).map { place in
            Face(
                number: place, name: place < faces.names.count ? faces.names[place] : "face \(place)",
                agreement: perFace[place])
        }
    }

    /// The verdict as a sentence.
    package var sentence: String {
        switch verdict {
        case .pass:
            diagnosis == nil
                ? "PASS: the candidate agrees with the reference"
                : "PASS: the candidate agrees with the reference within the thresholds of \(thresholdsKey), but not as well as it could"
        case .warn:
            "WARN: the candidate agrees with the reference less than it should (\(thresholdsKey) in the configuration)"
        case .fail:
            judgement.overall == .fail
                ? "FAIL: the candidate doesn't agree with the reference (\(thresholdsKey) in the configuration)"
                : "FAIL: the candidate's embeddings depend on their place in a batch"
        }
    }
}

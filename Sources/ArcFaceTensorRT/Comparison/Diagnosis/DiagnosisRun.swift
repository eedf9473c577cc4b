import Evaluation
import FaceImages
import ONNXRuntime

/// Looks for what makes a candidate differ from its reference.
///
/// Explanations are tested, not guessed from figures: the reference is run again with each, on the same faces, and the one
/// that restores agreement is named. Where none does, the graphs are compared layer by layer.
struct DiagnosisRun {
    /// Faces on which graphs are compared layer by layer at most.
    static let mostFaces = 32
    /// Faces on which the reference is run again at most: it is run some thirty times.
    private static let retriedFaces = 16
    /// Faces among which rows may have been exchanged, at most: all their cosines are worked out.
    private static let widestExchange = 1024
    /// Explanations that help in part and are tried together with others.
    private static let mostPartial = 3

    let reference: ComparisonReference
    let candidate: ComparisonCandidate
    let rule: AgreementRule
    let configuration: ArcFaceConfiguration
    let shouldStop: @Sendable () -> Bool
    let report: (ModelCheck.Event) -> Void

    /// What was compared: raw embeddings of both sides, float32 [N, D].
    struct Evidence {
        let faces: FaceSet
        let reference: [Float]
        let candidate: [Float]
        let metrics: AgreementMetrics
        let batches: BatchInvariance
        /// Whether all faces are gray.
        let isGray: Bool

        var width: Int { reference.count / faces.faces.count }
    }

    /// Diagnoses.
    ///
    /// - Parameters:
    ///   - evidence: what was compared.
    ///   - reason: why a diagnosis is made.
    /// - Returns: what was tested, and what explains the difference.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    func run(_ evidence: Evidence, reason: String) throws(ArcFaceError) -> Diagnosis {
        let sample = evidence.spread(Self.mostFaces)
        var diagnosis = Diagnosis(reason: reason, faceCount: sample.faces.faces.count)
        diagnosis.findings += evidence.batches.findings
        diagnosis.findings += try exchangedRows(evidence)
        if evidence.metrics.nanCount + evidence.metrics.infinityCount > 0 {
            diagnosis.findings += try WeightInspection.findings(candidate.graph?.path)
        }
        if diagnosis.findings.isEmpty, sample.metrics.undefinedCount < sample.metrics.count {
            try testHypotheses(sample.spread(Self.retriedFaces), into: &diagnosis)
        }
        if evidence.isGray, !diagnosis.findings.contains(where: { $0.kind.contains("channels-swapped") }) {
            diagnosis.remarks.append("the faces are gray: whether the channels are swapped, they cannot tell")
        }
        if diagnosis.findings.isEmpty || diagnosis.findings.contains(where: { $0.kind == WeightInspection.kind }) {
            try compareLayers(sample, into: &diagnosis)
        }
        return diagnosis
    }

    /// Rows that hold the embeddings of others, where the batches as they ran tell so.
    private func exchangedRows(_ evidence: Evidence) throws(ArcFaceError) -> [Diagnosis.Finding] {
        guard evidence.batches.findings.isEmpty, evidence.metrics.undefinedCount == 0 else { return [] }
        let width = evidence.width
        let places = try FaceAgreement.nearestRows(
            reference: evidence.reference, candidate: evidence.candidate, width: width,
            window: min(candidate.runtime.maximumBatch, Self.widestExchange))
        let moved = places.enumerated().filter { $0.offset != $0.element }
        guard let first = moved.first else { return [] }
        let sorted = places.flatMap { evidence.reference[$0 * width..<($0 + 1) * width] }
        let metrics = try AgreementMetrics(reference: sorted, candidate: evidence.candidate, width: width)
        guard rule.restores(metrics, from: evidence.metrics) else { return [] }
        return [
            Diagnosis.Finding(
                kind: "rows-exchanged",
                sentence:
                    "with its rows in another order \(Self.rise(evidence.metrics, metrics)): \(moved.count) faces have "
                    + "the embeddings of others (face \(first.offset) that of face \(first.element))",
                mend: "look for what reorders a batch: a Gather or Transpose over the batch, or buffers given back in "
                    + "another order")
        ]
    }

    // MARK: Hypotheses

    private func testHypotheses(_ sample: Evidence, into diagnosis: inout Diagnosis) throws(ArcFaceError) {
        report(.began("diagnosis: running the reference again"))
        diagnosis.faceCount = sample.faces.faces.count
        let runner = try HypothesisRunner(
            reference.model, configuration: configuration, library: try reference.library(configuration),
            shouldStop: shouldStop)
        let own = try runner.embeddings(of: sample.faces.faces)
        let before = try AgreementMetrics(reference: own, candidate: sample.candidate, width: sample.width)
        diagnosis.trials.append(Diagnosis.Trial("reference", "as it is, in ONNX Runtime", before))
        diagnosis.findings += try ownRuntime(sample, own: own)

        let hypotheses = Hypothesis.all(for: runner.context)
        let first = try test(hypotheses, sample, runner, into: &diagnosis)
        if let best = first.first, rule.restores(best.metrics, from: before) {
            diagnosis.findings.append(Self.finding(best.hypothesis, before, best.metrics))
            return
        }
        // Two faults at once: those that help most, with each other one on top.
        let partial = first.filter { rule.improves($0.metrics, from: before) }.prefix(Self.mostPartial)
        var pairs: [Hypothesis] = []
        for one in partial {
            for other in hypotheses {
                guard let pair = one.hypothesis.and(other), !pairs.contains(where: { $0.change == pair.change }) else {
                    continue
                }
                pairs.append(pair)
            }
        }
        if let best = try test(pairs, sample, runner, into: &diagnosis).first,
            rule.restores(best.metrics, from: before), best.metrics.l2Mean < (partial.first?.metrics.l2Mean ?? 0) / 2
        {
            diagnosis.findings.append(Self.finding(best.hypothesis, before, best.metrics))
        }
    }

    private typealias Tested = (hypothesis: Hypothesis, metrics: AgreementMetrics)

    /// Runs the reference under each hypothesis; the best first.
    private func test(
        _ hypotheses: [Hypothesis], _ sample: Evidence, _ runner: HypothesisRunner, into diagnosis: inout Diagnosis
    ) throws(ArcFaceError) -> [Tested] {
        var tested: [Tested] = []
        for (number, hypothesis) in hypotheses.enumerated() {
            report(.progress(number, of: hypotheses.count))
            let changed = try runner.embeddings(of: sample.faces.faces, with: hypothesis.change)
            let metrics = try AgreementMetrics(reference: changed, candidate: sample.candidate, width: sample.width)
            diagnosis.trials.append(Diagnosis.Trial(hypothesis.kind, "with \(hypothesis.condition)", metrics))
            if metrics.l2Mean.isFinite { tested.append((hypothesis, metrics)) }
        }
        return tested.sorted { $0.metrics.l2Mean < $1.metrics.l2Mean }
    }

    /// A reference whose runtime doesn't give what its own graph gives in ONNX Runtime is itself in doubt.
    private func ownRuntime(_ sample: Evidence, own: [Float]) throws(ArcFaceError) -> [Diagnosis.Finding] {
        let metrics = try AgreementMetrics(reference: own, candidate: sample.reference, width: sample.width)
        guard metrics.undefinedCount > 0 || metrics.cosineMean < AgreementRule.exactCosine else { return [] }
        return [
            Diagnosis.Finding(
                kind: "reference",
                sentence:
                    "the reference itself is in doubt: \(reference.runtime.information.backend) gives other embeddings "
                    + "than ONNX Runtime does for the same graph (cosine \(Self.cosine(metrics.cosineMean)))",
                mend: "compare \(reference.model.path) with itself: --reference onnxruntime --candidate "
                    + reference.runtime.information.backend)
        ]
    }

    private static func finding(
        _ hypothesis: Hypothesis, _ before: AgreementMetrics, _ after: AgreementMetrics
    ) -> Diagnosis.Finding {
        Diagnosis.Finding(
            kind: hypothesis.kind,
            sentence: "with \(hypothesis.condition) \(rise(before, after)): \(hypothesis.meaning)",
            mend: hypothesis.mend)
    }
}

extension Diagnosis.Trial {
    init(_ kind: String, _ name: String, _ metrics: AgreementMetrics) {
        self.init(kind: kind, name: name, cosineMean: metrics.cosineMean, l2Mean: metrics.l2Mean)
    }
}

extension DiagnosisRun.Evidence {
    /// The evidence of `count` faces, evenly spread.
    func spread(_ count: Int) -> DiagnosisRun.Evidence {
        let places = evenlySpread(count, over: faces.faces.count)
        guard places.count < faces.faces.count else { return self }
        func rows(_ values: [Float]) -> [Float] { places.flatMap { values[$0 * width..<($0 + 1) * width] } }
        let (left, right) = (rows(reference), rows(candidate))
        // Of the same rows as before: what was compared then can be compared now.
        let metrics = (try? AgreementMetrics(reference: left, candidate: right, width: width)) ?? metrics
        return DiagnosisRun.Evidence(
            faces: faces.spread(count), reference: left, candidate: right, metrics: metrics, batches: batches,
            isGray: isGray)
    }
}

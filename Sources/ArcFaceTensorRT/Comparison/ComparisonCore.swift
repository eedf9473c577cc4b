import Evaluation
import FaceImages

/// A comparison of two sides that are loaded, whatever they came from.
struct ComparisonCore {
    let reference: ComparisonReference
    let candidate: ComparisonCandidate
    let configuration: ArcFaceConfiguration

    /// - Throws: `ArcFaceError` if the sides give embeddings of different widths.
    init(
        reference: ComparisonReference, candidate: ComparisonCandidate, configuration: ArcFaceConfiguration
    ) throws(ArcFaceError) {
        let widths = (reference.runtime.information.embeddingWidth, candidate.runtime.information.embeddingWidth)
        guard widths.0 == widths.1 else {
            throw ArcFaceError(
                .modelUnusable,
                "\(reference.model.path) gives \(widths.0) numbers a face, and the candidate \(widths.1)",
                at: candidate.runtime.information.modelPath, mend: "compare models of the same width")
        }
        self.reference = reference
        self.candidate = candidate
        self.configuration = configuration
    }

    /// Compares on faces that were found.
    ///
    /// - Parameters:
    ///   - set: one face or more.
    ///   - shouldStop: asked before each batch; true ends the comparison with the code `cancelled`.
    ///   - report: told what happens, one call at a time.
    /// - Returns: how well both agree, and why they don't.
    /// - Throws: `ArcFaceError` with a runtime's own message.
    func run(
        on set: FaceSet, shouldStop: @escaping @Sendable () -> Bool = { false },
        report: @escaping (ModelCheck.Event) -> Void
    ) throws(ArcFaceError) -> ComparisonReport {
        func embeddings(_ runtime: any EmbeddingRuntime, _ name: String) throws(ArcFaceError) -> [Float] {
            report(.began("running \(name)"))
            return try runtime.rawEmbeddings(of: set.faces, shouldStop: shouldStop) {
                report(.progress($0, of: set.faces.count))
            }
        }
        let left = try embeddings(reference.runtime, "the reference, \(reference.name)")
        let right = try embeddings(candidate.runtime, "the candidate, \(candidate.name)")
        let width = reference.runtime.information.embeddingWidth
        let metrics = try AgreementMetrics(reference: left, candidate: right, width: width)
        let faces = try FaceAgreement.perFace(reference: left, candidate: right, width: width)
        report(
            .began(
                "running the candidate on batches of \(BatchInvariance.sizes.map(String.init).joined(separator: ", "))")
        )
        let batches = try BatchInvariance(
            candidate.runtime, faces: set, precision: candidate.precision, shouldStop: shouldStop
        ) { report(.progress($0, of: $1)) }
        let rule = AgreementRule(
            isExact: candidate.precision == .fp32,
            thresholds: configuration.comparison.thresholds(for: candidate.precision))
        let isGray = set.faces.isGray
        var diagnosis: Diagnosis?
        if let reason = rule.reason(metrics) ?? (batches.verdict == .pass ? nil : "an embedding depends on its batch") {
            let run = DiagnosisRun(
                reference: reference, candidate: candidate, rule: rule, configuration: configuration,
                shouldStop: shouldStop, report: report)
            diagnosis = try run.run(
                DiagnosisRun.Evidence(
                    faces: set, reference: left, candidate: right, metrics: metrics, batches: batches, isGray: isGray),
                reason: reason)
        }
        return ComparisonReport(
            reference: ComparisonReport.Side(reference), candidate: ComparisonReport.Side(candidate), faces: set,
            metrics: metrics, perFace: faces, thresholds: rule.thresholds,
            thresholdsKey: candidate.precision == .int8 ? "comparison.int8" : "comparison",
            judgement: rule.thresholds.judge(metrics), batches: batches, diagnosis: diagnosis,
            notes: notes(isGray: isGray), warnings: reference.warnings + candidate.warnings)
    }

    /// What a reader must know of the figures.
    private func notes(isGray: Bool) -> [String] {
        var notes = [reference.note].compactMap { $0 }
        let (left, right) = (reference.runtime.information, candidate.runtime.information)
        if left.backend == right.backend, left.runtimeVersion == right.runtimeVersion {
            notes.append("both sides run in \(left.backend): this judges the candidate's graph, not its runtime")
        }
        if isGray { notes.append("the faces are gray: swapped channels can't be told on them") }
        return notes
    }
}

extension FaceBatch {
    /// The largest difference of two channels that a gray photo's compression leaves.
    private static let grayDifference = 6

    /// Whether no face has colour: blue, green and red nearly equal in all pixels.
    var isGray: Bool {
        pixels.withUnsafeBufferPointer { pixels in
            for start in stride(from: 0, to: pixels.count, by: 3) {
                let (blue, green, red) = (Int(pixels[start]), Int(pixels[start + 1]), Int(pixels[start + 2]))
                if abs(blue - red) > Self.grayDifference || abs(blue - green) > Self.grayDifference { return false }
            }
            return true
        }
    }
}

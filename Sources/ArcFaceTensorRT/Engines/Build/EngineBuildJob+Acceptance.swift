import Digests
import EngineStore
import Evaluation

extension EngineBuildJob {
    /// Whether a new engine is compared with the reference before it gets its name.
    package enum Acceptance: Sendable {
        /// It is, where a reference, faces and a GPU to run it are there; otherwise why not is told.
        case whereAvailable
        /// It is, or nothing is built.
        case required
        /// It isn't.
        case off
    }

    /// What a comparison made of a new engine.
    struct Proof: Sendable {
        let acceptance: EngineAcceptance
        /// Why it was rejected, for people; nil if it wasn't.
        let rejection: String?
    }
}

/// Everything but the engine that a comparison takes, made ready before minutes go into a build.
struct AcceptanceRun {
    private let reference: ComparisonReference
    private let faces: FaceSource
    private let gpus: GPUSet
    private let tools: any EngineTools
    private let configuration: ArcFaceConfiguration
    private let isRequired: Bool

    /// Makes ready.
    ///
    /// - Parameters:
    ///   - wish: whether there shall be an acceptance.
    ///   - machine: what builds, and may run.
    ///   - configuration: `comparison`, `tensorrt.onnx_path` and what references and faces need.
    ///   - report: told why there will be none.
    /// - Returns: nil if there will be no acceptance.
    /// - Throws: `ArcFaceError` if one is required and something is missing.
    static func prepared(
        _ wish: EngineBuildJob.Acceptance, on machine: EngineMachine, configuration: ArcFaceConfiguration,
        report: (EngineBuildJob.Event) -> Void
    ) throws(ArcFaceError) -> AcceptanceRun? {
        let isRequired: Bool
        switch wish {
        case .off: return nil
        case .whereAvailable: isRequired = false
        case .required: isRequired = true
        }
        guard let gpus = machine.gpus else {
            guard !isRequired else {
                throw ArcFaceError(
                    .unavailable, "the engine can't be accepted: there is no GPU here to run it",
                    mend: "--no-accept stores it unproven")
            }
            report(.message("the engine isn't compared with the reference, as there is no GPU here to run it"))
            return nil
        }
        do throws(ArcFaceError) {
            let reference = try ComparisonReference(
                nil, path: configuration.tensorRT.onnxPath, configuration: configuration)
            let paths = configuration.comparison.faces.map { [$0] } ?? []
            let faces = try FaceSource(
                FaceSource.Options(paths: paths, count: configuration.comparison.sampleCount),
                configuration: configuration)
            return AcceptanceRun(
                reference: reference, faces: faces, gpus: gpus, tools: machine.tools, configuration: configuration,
                isRequired: isRequired)
        } catch {
            guard isRequired else {
                report(.warning("the engine won't be compared with the reference: \(error)"))
                return nil
            }
            throw ArcFaceError(
                error.code, "the engine can't be accepted: \(error)", mend: "--no-accept stores it unproven")
        }
    }

    /// Runs an engine, and compares.
    ///
    /// - Parameters:
    ///   - verified: the engine; a new one isn't on the disk yet.
    ///   - shouldStop: asked before each batch; true ends it with the code `cancelled`.
    ///   - report: told what goes on.
    /// - Returns: the figures; nil if it can't run on this GPU and needn't.
    /// - Throws: `ArcFaceError` if a runtime fails, or too few faces are found.
    func proof(
        of verified: LoadedEngine, shouldStop: @escaping @Sendable () -> Bool,
        report: @escaping (EngineBuildJob.Event) -> Void
    ) throws(ArcFaceError) -> EngineBuildJob.Proof? {
        if shouldStop() { throw .cancelled }
        let engine: any EngineEmbedding
        do throws(ArcFaceError) {
            engine = try tools.load(verified, on: gpus, model: nil)
        } catch {
            // All but TensorRT build for other GPUs than the one that is here.
            guard !isRequired, tools.runtime != .tensorrt else { throw error }
            report(.warning("the engine wasn't compared with the reference, as it doesn't run here: \(error)"))
            return nil
        }
        report(.message("acceptance: comparing the engine with \(reference.name)"))
        let set = try faces.load(shouldStop: shouldStop)
        let candidate = ComparisonCandidate(
            runtime: engine, warnings: engine.warnings, graph: try graph(engine.information.precision), runsGraph: false
        )
        let core = try ComparisonCore(reference: reference, candidate: candidate, configuration: configuration)
        let result = try core.run(on: set, shouldStop: shouldStop) { event in
            if case .began(let step) = event { report(.message("acceptance: \(step)")) }
        }
        for note in result.notes { report(.message("acceptance: \(note)")) }
        return EngineBuildJob.Proof(
            acceptance: try acceptance(result), rejection: result.verdict == .fail ? Self.reason(result) : nil)
    }

    /// The graph that the engine was made from, as far as the ONNX file alone gives it.
    private func graph(_ precision: Precision) throws(ArcFaceError) -> CheckedModel? {
        try reference.model.converted(to: precision)
    }

    private func acceptance(_ report: ComparisonReport) throws(ArcFaceError) -> EngineAcceptance {
        let digest: Digest
        do throws(DigestError) {
            digest = try Digest.of(file: configuration.tensorRT.onnxPath)
        } catch {
            throw ArcFaceError(.modelMissing, error.what, at: error.location, mend: error.mend)
        }
        let metrics = report.metrics
        func shown(_ value: Double) -> Double { value.isFinite ? value : 0 }
        return EngineAcceptance(
            verdict: EngineAcceptance.Verdict(rawValue: report.verdict.rawValue) ?? .fail,
            reference: reference.name, referenceModel: digest, samples: metrics.count,
            cosineMean: shown(metrics.cosineMean), cosineMin: shown(metrics.cosineMin), l2Mean: shown(metrics.l2Mean))
    }

    /// The figures and what explains them, in one line.
    private static func reason(_ report: ComparisonReport) -> String {
        let metrics = report.metrics
        let figures =
            "cosine \(DiagnosisRun.cosine(metrics.cosineMean)), least \(DiagnosisRun.cosine(metrics.cosineMin)), L2 "
            + "\(DiagnosisRun.distance(metrics.l2Mean)) on \(report.faces.label)"
        let findings = (report.diagnosis?.findings ?? []).map { finding in
            finding.mend.isEmpty ? finding.sentence : "\(finding.sentence) (\(finding.mend))"
        }
        return ([report.sentence, figures] + findings).joined(separator: "; ")
    }
}

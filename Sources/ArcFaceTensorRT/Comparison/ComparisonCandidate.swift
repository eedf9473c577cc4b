import Digests
import EngineStore
import ONNXModel

/// What is judged.
struct ComparisonCandidate: Sendable {
    let runtime: any EmbeddingRuntime
    /// One line for each thing that isn't as it was asked for.
    let warnings: [String]
    /// The graph that it runs, or that its engine was made from, as ONNX Runtime can run it; nil where it isn't known.
    let graph: CheckedModel?
    /// Whether it runs that graph itself, and not an engine made from it.
    let runsGraph: Bool
    /// What it computes in, as far as the graph or the manifest tells.
    let precision: Precision

    /// What is judged, with what is known of its graph.
    init(runtime: any EmbeddingRuntime, warnings: [String], graph: CheckedModel?, runsGraph: Bool) {
        self.runtime = runtime
        self.warnings = warnings
        self.graph = graph
        self.runsGraph = runsGraph
        precision =
            graph.map { Precision.coarser($0.precision, runtime.information.precision) }
            ?? runtime.information.precision
    }

    /// Loads a candidate.
    ///
    /// - Parameters:
    ///   - named: what the user named.
    ///   - onnx: the ONNX file that an engine was made from, as far as the user told.
    ///   - configuration: everything else.
    ///   - hooks: who follows the preparation of a model whose precision takes a while to write.
    /// - Throws: `ArcFaceError`, with the mend in it.
    init(
        _ named: NamedRuntime, onnx: String, configuration: ArcFaceConfiguration,
        hooks: PreparationHooks = PreparationHooks()
    ) throws(ArcFaceError) {
        let loaded = try named.load(configuration, hooks: hooks)
        var warnings = loaded.warnings
        let information = loaded.runtime.information
        let graph: CheckedModel?
        if case .engine(let path) = named.source {
            if let warning = try Self.otherModel(path, onnx: onnx) {
                warnings.append(warning)
                graph = nil
            } else {
                graph = try Self.graph(onnx, information.precision, configuration)
            }
        } else {
            graph = try Self.graph(information.modelPath, information.precision, configuration)
        }
        let isGraphRuntime = ["onnxruntime", "pytorch"].contains(information.backend)
        self.init(runtime: loaded.runtime, warnings: warnings, graph: graph, runsGraph: isGraphRuntime)
    }

    /// What it is, for people: `tensorrt 10.3.0, fp16, a.plan`.
    var name: String { "\(runtime.information.backend) \(runtime.information.runtimeVersion), \(precision.rawValue)" }

    /// The graph in the precision that runs; nil for int8 that was calibrated on the way to an engine.
    private static func graph(
        _ path: String, _ precision: Precision, _ configuration: ArcFaceConfiguration
    ) throws(ArcFaceError) -> CheckedModel? {
        let checked = try CheckedModel(path: path, configuration: configuration)
        return try checked.converted(to: precision)
    }

    /// Why an engine isn't one of this ONNX file; nil if it is, or was made on another machine from a file that isn't here.
    private static func otherModel(_ engine: String, onnx: String) throws(ArcFaceError) -> String? {
        let stored: StoredEngine
        do throws(EngineStoreError) {
            // The manifest alone is looked at; whom to trust is asked where the engine is loaded.
            stored = try EngineFolder.engine(at: engine, trust: .anyone)
        } catch {
            throw ArcFaceError(error)
        }
        let digest: Digest
        do throws(DigestError) {
            digest = try Digest.of(file: onnx)
        } catch {
            throw ArcFaceError(.modelMissing, error.what, at: error.location, mend: error.mend)
        }
        return digest == stored.manifest.model.onnx
            ? nil : "\(engine) was built from another ONNX file than \(onnx): whatever differs may come from that"
    }
}

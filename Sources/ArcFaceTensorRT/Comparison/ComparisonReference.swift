import ONNXModel
import ONNXRuntime

/// What is right: the repaired fp32 graph of an ONNX file, in PyTorch or in ONNX Runtime.
struct ComparisonReference: Sendable {
    let runtime: any EmbeddingRuntime
    /// The graph that it runs.
    let model: CheckedModel
    /// What the reader must know of the choice; nil if it is as asked for.
    let note: String?
    /// One line for each thing that isn't as it was asked for.
    let warnings: [String]
    private let loaded: ONNXRuntimeLibrary?

    /// Loads a reference.
    ///
    /// - Parameters:
    ///   - backend: what computes; nil is PyTorch where it is found, and otherwise ONNX Runtime, which the note says.
    ///   - path: the ONNX file, in fp32.
    ///   - configuration: everything else.
    /// - Throws: `ArcFaceError` if the file is missing, no face model, or not in fp32; if the backend that was named can't run.
    init(_ backend: Backend?, path: String, configuration: ArcFaceConfiguration) throws(ArcFaceError) {
        let model = try CheckedModel(path: path, configuration: configuration)
        guard model.precision == .fp32 else {
            throw ArcFaceError(
                .modelUnusable, "the reference computes in fp32, and this file in \(model.precision.rawValue)",
                at: path,
                mend: "name the original model with --reference-onnx")
        }
        self.model = model
        switch backend {
        case .onnxRuntime:
            (runtime, loaded) = try Self.onnxRuntime(model, configuration)
            (note, warnings) = (nil, [])
        case .some(let backend):
            let named = try Self.named(backend, path: path, configuration)
            (runtime, warnings, loaded, note) = (named.runtime, named.warnings, nil, nil)
        case nil:
            do throws(ArcFaceError) {
                let named = try Self.named(.pyTorch, path: path, configuration)
                (runtime, warnings, loaded, note) = (named.runtime, named.warnings, nil, nil)
            } catch {
                // A PyTorch that is there and fails is an error; one that isn't there has a stand-in, which is named as such.
                guard error.code == .unavailable else { throw error }
                (runtime, loaded) = try Self.onnxRuntime(model, configuration)
                note = "PyTorch can't run here, so ONNX Runtime in fp32 is the reference: \(error)"
                warnings = []
            }
        }
    }

    /// What computes, for people: `pytorch 1.13.1, fp32`.
    var name: String {
        let information = runtime.information
        return "\(information.backend) \(information.runtimeVersion), fp32"
    }

    /// ONNX Runtime, which runs the reference's graph for a diagnosis whatever else runs it.
    ///
    /// - Throws: `ArcFaceError` if it isn't found.
    func library(_ configuration: ArcFaceConfiguration) throws(ArcFaceError) -> ONNXRuntimeLibrary {
        if let loaded { return loaded }
        return try BackendChoice.library(configuration)
    }

    private static func onnxRuntime(
        _ model: CheckedModel, _ configuration: ArcFaceConfiguration
    ) throws(ArcFaceError) -> (any EmbeddingRuntime, ONNXRuntimeLibrary) {
        let library = try BackendChoice.library(configuration)
        let runtime = try ONNXRuntimeEmbedding(
            model: model.model, path: model.path, library: library, threads: configuration.onnxRuntime.threadCount,
            threading: .latency, device: .cpu)
        return (runtime, library)
    }

    private static func named(
        _ backend: Backend, path: String, _ configuration: ArcFaceConfiguration
    ) throws(ArcFaceError) -> LoadedRuntime {
        guard backend != .auto else {
            throw ArcFaceError(
                .configuration, "a reference can't be 'auto'", at: "--reference", mend: "name pytorch or onnxruntime")
        }
        var configuration = configuration
        // A reference may be as slow as it likes.
        configuration.embedding.requireGPU = false
        return try NamedRuntime(backend, precision: .fp32, source: .model(path)).load(configuration)
    }
}

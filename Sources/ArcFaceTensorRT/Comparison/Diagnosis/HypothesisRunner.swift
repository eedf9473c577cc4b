import FaceImages
import ONNXModel
import ONNXRuntime

/// Runs the reference's repaired fp32 graph in ONNX Runtime, changed as hypotheses say.
struct HypothesisRunner {
    private let reference: CheckedModel
    private let source: Model
    private let preprocessing: Preprocessing?
    private let library: ONNXRuntimeLibrary
    private let threads: Int
    private let shouldStop: @Sendable () -> Bool

    /// Reads the reference's file again, as it was before it was repaired.
    ///
    /// - Throws: `ArcFaceError` if the file is gone.
    init(
        _ reference: CheckedModel, configuration: ArcFaceConfiguration, library: ONNXRuntimeLibrary,
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) throws(ArcFaceError) {
        self.reference = reference
        do throws(ONNXModelError) {
            source = try Model.read(path: reference.path)
        } catch {
            throw ArcFaceError(error)
        }
        let isPrepared = source[metadata: "arcface.prepared"] != nil
        preprocessing = isPrepared ? nil : configuration.preprocessing.explicit
        self.library = library
        threads = configuration.onnxRuntime.threadCount
        self.shouldStop = shouldStop
    }

    /// What the reference's own numbers allow.
    var context: Hypothesis.Context {
        Hypothesis.Context(preprocessing: reference.model.preprocessing, epsilons: source.graph.epsilons)
    }

    /// Raw embeddings, float32 [N, D], of the changed reference.
    ///
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message, or the code `cancelled`.
    func embeddings(of faces: FaceBatch, with change: ReferenceChange = .init()) throws(ArcFaceError) -> [Float] {
        if shouldStop() { throw .cancelled }
        let runtime = try ONNXRuntimeEmbedding(
            model: try model(change), path: reference.path, library: library, threads: threads, threading: .latency,
            device: .cpu)
        return try runtime.rawEmbeddings(
            of: change.pixels.map { $0.applied(to: faces) } ?? faces, shouldStop: shouldStop)
    }

    private func model(_ change: ReferenceChange) throws(ArcFaceError) -> PreparedModel {
        var prepared = reference.model
        if let epsilon = change.epsilon {
            // In the repaired graph the normalisations are part of the convolutions: they change before that.
            var changed = source
            changed.graph = source.graph.with(epsilon: epsilon)
            do throws(ONNXModelError) {
                prepared = try FaceModel.prepare(changed, preprocessing: preprocessing, target: .reference)
            } catch {
                throw ArcFaceError(error)
            }
        }
        guard let values = change.pixelValues else { return prepared }
        var model = prepared.model
        model.graph = model.graph.changing(values)
        return prepared.replacing(model, precision: prepared.precision, notes: [])
    }
}

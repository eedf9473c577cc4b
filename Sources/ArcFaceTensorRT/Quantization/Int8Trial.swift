import Evaluation
import FaceImages
import ONNXModel

/// Tries 8-bit forms of one model against its float32 form.
struct Int8Trial {
    let builder: Int8Builder
    private let runner: CandidateRunner
    private let heldOut: FaceBatch
    private let heldOutReference: [Float]
    private let few: FaceBatch
    private let fewReference: [Float]

    /// Runs the reference.
    ///
    /// - Parameters:
    ///   - builder: writes the 8-bit forms.
    ///   - runner: runs them.
    ///   - reference: the float32 model.
    ///   - split: the faces.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    init(
        builder: Int8Builder, runner: CandidateRunner, reference: Model, split: FaceSplit
    ) throws(ArcFaceError) {
        self.builder = builder
        self.runner = runner
        heldOut = split.heldOut
        few = split.calibration.spread(Int8Preparation.rankingFaces)
        heldOutReference = try runner.embeddings(reference, of: heldOut)
        fewReference = try runner.embeddings(reference, of: few)
    }

    /// The 8-bit form with these parts in float32.
    func model(keeping kept: Set<String>) throws(ArcFaceError) -> Model {
        do throws(ONNXModelError) {
            return try builder.model(keeping: kept)
        } catch {
            throw ArcFaceError(error)
        }
    }

    /// The agreement of a model with the reference on held-out faces.
    func agreement(_ model: Model) throws(ArcFaceError) -> AgreementMetrics {
        try compare(model, heldOut, heldOutReference)
    }

    /// One less the mean cosine on a few calibration faces, with these parts alone in 8 bits; NaN where no embedding is left.
    func error(quantizing quantized: Set<String>) throws(ArcFaceError) -> Double {
        let model = try model(keeping: Set(builder.units).subtracting(quantized))
        return 1 - (try compare(model, few, fewReference)).cosineMean
    }

    private func compare(
        _ model: Model, _ faces: FaceBatch, _ reference: [Float]
    ) throws(ArcFaceError) -> AgreementMetrics {
        let candidate = try runner.embeddings(model, of: faces)
        do {
            return try reference.withUnsafeBufferPointer { reference in
                try candidate.withUnsafeBufferPointer { candidate in
                    try AgreementMetrics(reference: reference, candidate: candidate, width: runner.width)
                }
            }
        } catch {
            throw ArcFaceError(.runtimeFailed, "embeddings can't be compared: \(error)")
        }
    }
}

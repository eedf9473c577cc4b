import ONNXModel
import PyTorchReference

/// What PyTorch shall run, and what reports say of it.
struct PyTorchModel {
    let source: PyTorchNetwork.Source
    let path: String
    let preprocessing: String
    let precision: Precision
    let repairs: [String]
    /// Numbers an embedding, nil where only the checkpoint tells.
    let width: Int?

    /// Takes the checkpoint that is configured, or else prepares the ONNX model in float32.
    ///
    /// - Throws: `ArcFaceError`, also for a file that was prepared in less than float32: the reference is what others are compared with.
    init(_ configuration: ArcFaceConfiguration) throws(ArcFaceError) {
        let settings = configuration.pyTorch
        precision = settings.mode.isHalf ? .fp16 : .fp32
        if let checkpoint = settings.checkpoint {
            let given = configuration.preprocessing.explicit
            let preprocessing = given ?? Preprocessing()
            source = .checkpoint(
                path: checkpoint, architecture: settings.architecture?.rawValue, color: preprocessing.color.rawValue,
                mean: Double(preprocessing.mean), scale: Double(preprocessing.scale))
            path = checkpoint
            let origin: PreparedModel.PreprocessingSource = given == nil ? .default : .given
            self.preprocessing = "\(preprocessing) (\(origin.text))"
            (repairs, width) = ([], nil)
            return
        }
        guard settings.architecture == nil else {
            throw ArcFaceError(
                .configuration, "an architecture belongs to a checkpoint, and none is named", at: "pytorch.arch",
                mend: "name the file of weights (--checkpoint), or leave the architecture out")
        }
        path = configuration.tensorRT.onnxPath
        let prepared: PreparedModel
        do throws(ONNXModelError) {
            prepared = try FaceModel.prepare(
                path: path, preprocessing: configuration.preprocessing.explicit, target: .portable)
        } catch {
            throw ArcFaceError(error)
        }
        guard prepared.precision == .fp32 else {
            throw ArcFaceError(
                .modelUnusable, "was prepared in \(prepared.precision.rawValue), and pytorch runs float32 graphs",
                at: path, mend: "name the model that it was made from")
        }
        source = .graph(prepared.serialized())
        preprocessing = prepared.preprocessingText
        repairs = prepared.notes.map(\.description)
        width = prepared.embeddingWidth
    }
}

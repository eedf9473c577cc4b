import ONNXModel

extension ModelPreparation {
    /// The configured model as ONNX Runtime takes it, in the configured precision.
    ///
    /// - Parameters:
    ///   - configuration: `tensorrt.onnx_path`, `onnxruntime`, `preprocessing` and `embedding.calibration_faces` are used.
    ///   - target: for whom.
    ///   - hooks: who follows it.
    /// - Returns: the prepared model.
    /// - Throws: `ArcFaceError`; `configuration` where int8 has no faces to be calibrated on.
    static func forEmbedding(
        _ configuration: ArcFaceConfiguration, target: Target, hooks: PreparationHooks
    ) throws(ArcFaceError) -> PreparedModel {
        let path = configuration.tensorRT.onnxPath
        let precision = configuration.onnxRuntime.precision
        let prepared: PreparedModel
        do throws(ONNXModelError) {
            prepared = try FaceModel.prepare(
                path: path, preprocessing: configuration.preprocessing.explicit,
                target: target.preparationTarget(for: precision))
            if let precision { try prepared.requireConvertible(to: precision.inGraph) }
        } catch {
            throw ArcFaceError(error.code == .precisionConflict ? error.inFile(path) : error)
        }
        guard let precision, prepared.precision != precision.inGraph else { return prepared }
        let calibration = configuration.embedding.calibration
        guard precision != .int8 || calibration != nil else {
            throw ArcFaceError(
                .configuration, "int8 needs ranges that are measured on faces", at: path,
                mend:
                    "name some with --calibration-faces PATH or embedding.calibration_faces, or write the file first: "
                    + "model prepare FILE -o OUT --precision int8 --target \(target.rawValue) --calibration-faces PATH")
        }
        let options = Options(
            source: path, output: "", precision: precision, target: target, calibration: calibration)
        let (model, kept) = try ModelPreparation(options: options, configuration: configuration, hooks: hooks)
            .converted(prepared)
        // How many layers stay in float32 is told; which ones, `model prepare` lists.
        let nodes = kept.map(\.node)
        for note in model.notes where note.pass == precision.rawValue && !nodes.contains(where: note.text.hasPrefix) {
            hooks.message(note.description)
        }
        return model
    }
}

extension EmbeddingConfiguration {
    /// On which faces int8 is calibrated where it is made on the fly; nil if none are named.
    var calibration: ModelPreparation.Calibration? {
        calibrationFaces.map { ModelPreparation.Calibration(faces: [$0]) }
    }
}

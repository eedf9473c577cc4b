import ONNXModel

extension ModelPreparation {
    /// Makes a float32 graph int8.
    ///
    /// - Throws: `ArcFaceError`; `configuration` if no faces are named.
    func quantized(_ source: PreparedModel) throws(ArcFaceError) -> Converted {
        guard let calibration = options.calibration else {
            throw ArcFaceError(
                .configuration, "int8 needs ranges that are measured on faces", at: "--precision int8",
                mend: "name a folder of photos or aligned faces: --calibration-faces PATH")
        }
        let faces = try calibrationFaces(calibration, usualCount: Calibration.usualInt8Count)
        let preparation = Int8Preparation(
            Int8Preparation.Options(
                target: options.target == .onnxruntime ? .onnxruntime : .tensorrt,
                method: calibration.method.inGraph,
                thresholds: configuration.comparison.int8, threads: configuration.onnxRuntime.threadCount,
                cachePath: options.source, timeLimit: calibration.timeLimit),
            library: try BackendChoice.library(configuration), hooks: hooks)
        hooks.message("running \(faces.label)")
        let (model, result) = try preparation.run(source, faces: faces.faces)
        return (model, result.kept.map { ($0.node, $0.reason) })
    }
}

extension ModelPreparation.Calibration.Method {
    /// The same in the terms of graphs.
    var inGraph: CalibrationMethod {
        switch self {
        case .max: .max
        case .percentile: .percentile
        case .entropy: .entropy
        case .mse: .mse
        }
    }
}

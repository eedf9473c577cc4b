import FaceImages
import ONNXModel
import ONNXRuntime

/// Runs a prepared float32 graph on faces and looks at every value inside.
struct ActivationMeasurement {
    private let session: ONNXRuntimeSession
    private let names: [String]
    private let hooks: PreparationHooks

    /// Loads the model with all of its values as outputs.
    ///
    /// - Parameters:
    ///   - model: a prepared float32 model.
    ///   - path: where it came from, for messages.
    ///   - library: ONNX Runtime.
    ///   - threads: threads for each face.
    ///   - hooks: told how far it is, and asked whether to go on.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    init(
        model: PreparedModel, path: String, library: ONNXRuntimeLibrary, threads: Int, hooks: PreparationHooks
    ) throws(ArcFaceError) {
        self.hooks = hooks
        let (exposed, inside) = model.exposingValues()
        names = inside + [FaceModel.outputName]
        // Fused nodes have no values in between, and here nothing else is wanted.
        let options = SessionOptions(name: path, intraOpThreads: threads, graphOptimization: .basic)
        do throws(ONNXRuntimeError) {
            session = try ONNXRuntimeSession.load(exposed.serialized(), options: options, library: library)
        } catch {
            throw ArcFaceError(error)
        }
    }

    /// The range of each value over all faces.
    ///
    /// One face at a time: a deep network's values take some 150 MB a face.
    ///
    /// - Parameter faces: uint8 [N, 112, 112, 3], BGR.
    /// - Returns: the ranges under the values' names in the graph.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    func ranges(of faces: FaceBatch) throws(ArcFaceError) -> ActivationRanges {
        var ranges = ActivationRanges()
        let step = hooks.step("measuring", of: faces.count)
        do {
            try hooks.stopping(session) { cancellation in
                for face in 0..<faces.count {
                    try hooks.check()
                    try faces.withUnsafeBytes { pixels in
                        let input = CandidateRunner.input(pixels, face, 1)
                        try session.run([input], outputs: names, cancellation: cancellation) { outputs in
                            for output in outputs {
                                if let numbers = output.elements(as: Float.self) { ranges.add(output.name, numbers) }
                            }
                        }
                    }
                    step.finished(face + 1)
                }
            }
        } catch {
            throw ArcFaceError(ofRun: error)
        }
        return ranges
    }
}

import FaceImages
import ONNXModel
import ONNXRuntime

/// Runs a prepared float32 graph on faces and counts the magnitudes of values inside.
struct CalibrationRun {
    /// Faces that run at a time: a deep network's values take some 100 MB a face.
    private static let batch = 2
    /// Numbers counted of a value in a batch. All are looked at for the largest.
    private static let samples = 1 << 15

    private let session: ONNXRuntimeSession
    private let names: [String]
    private let hooks: PreparationHooks

    /// Loads the model with the values to measure as outputs.
    ///
    /// - Parameters:
    ///   - model: a prepared float32 model.
    ///   - values: names of values in its graph.
    ///   - library: ONNX Runtime.
    ///   - threads: threads in all.
    ///   - hooks: told how far it is, and asked whether to go on.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    init(
        _ model: Model, values: [String], library: ONNXRuntimeLibrary, threads: Int, hooks: PreparationHooks
    ) throws(ArcFaceError) {
        self.hooks = hooks
        var exposed = model
        let known = Set(model.graph.outputs.map(\.name))
        exposed.graph.outputs += values.filter { !known.contains($0) }.map { ValueInfo($0, .float, nil) }
        names = values
        do throws(ONNXRuntimeError) {
            session = try ONNXRuntimeSession.load(
                exposed.serialized(), options: SessionOptions(name: "calibration", intraOpThreads: threads),
                library: library)
        } catch {
            throw ArcFaceError(error)
        }
    }

    /// The histogram of each value over all faces.
    ///
    /// - Parameter faces: uint8 [N, 112, 112, 3], BGR.
    /// - Returns: the histograms by the values' names.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    func histograms(of faces: FaceBatch) throws(ArcFaceError) -> [String: MagnitudeHistogram] {
        var histograms = Dictionary(uniqueKeysWithValues: names.map { ($0, MagnitudeHistogram()) })
        let step = hooks.step("measuring", of: faces.count)
        do {
            try hooks.stopping(session) { cancellation in
                for start in stride(from: 0, to: faces.count, by: Self.batch) {
                    try hooks.check()
                    let count = min(Self.batch, faces.count - start)
                    try faces.withUnsafeBytes { pixels in
                        try session.run(
                            [CandidateRunner.input(pixels, start, count)], outputs: names, cancellation: cancellation
                        ) { outputs in
                            for output in outputs {
                                guard let numbers = output.elements(as: Float.self) else { continue }
                                histograms[output.name]?.add(numbers, samples: Self.samples)
                            }
                        }
                    }
                    step.finished(start + count)
                }
            }
        } catch {
            throw ArcFaceError(ofRun: error)
        }
        return histograms
    }
}

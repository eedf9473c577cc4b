import FaceImages
import ONNXModel
import ONNXRuntime

/// Runs a prepared float32 graph on faces and looks at every value inside.
struct ActivationMeasurement {
    private let session: ONNXRuntimeSession
    private let names: [String]

    /// Loads the model with all of its values as outputs.
    ///
    /// - Parameters:
    ///   - model: a prepared float32 model.
    ///   - path: where it came from, for messages.
    ///   - library: ONNX Runtime.
    ///   - threads: threads for each face.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    init(model: PreparedModel, path: String, library: ONNXRuntimeLibrary, threads: Int) throws(ArcFaceError) {
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
    /// - Parameters:
    ///   - faces: uint8 [N, 112, 112, 3], BGR.
    ///   - progress: called with the number of faces done.
    /// - Returns: the ranges under the values' names in the graph.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    func ranges(of faces: FaceBatch, progress: (Int) -> Void) throws(ArcFaceError) -> ActivationRanges {
        var ranges = ActivationRanges()
        for face in 0..<faces.count {
            do {
                try faces.withUnsafeBytes { pixels in
                    let start = face * FaceBatch.bytesPerFace
                    let bytes = UnsafeRawBufferPointer(rebasing: pixels[start..<start + FaceBatch.bytesPerFace])
                    let input = TensorView(
                        name: FaceModel.inputName, elementType: .uint8, shape: [1, FaceBatch.side, FaceBatch.side, 3],
                        bytes: bytes)
                    try session.run([input], outputs: names) { outputs in
                        for output in outputs {
                            if let numbers = output.elements(as: Float.self) { ranges.add(output.name, numbers) }
                        }
                    }
                }
            } catch let error as ONNXRuntimeError {
                throw ArcFaceError(error)
            } catch {
                throw ArcFaceError(.runtimeFailed, "\(error)")
            }
            progress(face + 1)
        }
        return ranges
    }
}

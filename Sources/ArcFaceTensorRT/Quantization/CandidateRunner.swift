import FaceImages
import ONNXModel
import ONNXRuntime

/// Runs graphs that are tried out, each on a few faces.
struct CandidateRunner {
    /// Faces that run at a time.
    private static let batch = 8

    let library: ONNXRuntimeLibrary
    let threads: Int
    let width: Int
    let hooks: PreparationHooks

    /// Loads a prepared model and runs it once over the faces.
    ///
    /// - Returns: float32 [N, width], raw embeddings.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    func embeddings(_ model: Model, of faces: FaceBatch) throws(ArcFaceError) -> [Float] {
        // Loading can't be stopped midway.
        try hooks.check()
        var embeddings = [Float](repeating: 0, count: faces.count * width)
        do {
            let session = try ONNXRuntimeSession.load(
                model.serialized(), options: SessionOptions(name: "int8", intraOpThreads: threads), library: library)
            try hooks.stopping(session) { cancellation in
                try faces.withUnsafeBytes { pixels in
                    try embeddings.withUnsafeMutableBufferPointer { output in
                        for start in stride(from: 0, to: faces.count, by: Self.batch) {
                            try hooks.check()
                            let count = min(Self.batch, faces.count - start)
                            let rows = UnsafeMutableBufferPointer(
                                rebasing: output[start * width..<(start + count) * width])
                            try session.run(
                                [Self.input(pixels, start, count)],
                                into: [
                                    MutableTensorView(
                                        name: FaceModel.outputName, shape: [count, width], elements: rows)
                                ], cancellation: cancellation)
                        }
                    }
                }
            }
        } catch {
            throw ArcFaceError(ofRun: error)
        }
        return embeddings
    }

    /// Faces `start ..< start + count` as a model's input.
    static func input(_ pixels: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> TensorView {
        let size = FaceBatch.bytesPerFace
        return TensorView(
            name: FaceModel.inputName, elementType: .uint8,
            shape: [count, FaceBatch.side, FaceBatch.side, FaceBatch.channels],
            bytes: UnsafeRawBufferPointer(rebasing: pixels[start * size..<(start + count) * size]))
    }
}

extension ArcFaceError {
    /// What a run of ONNX Runtime threw, told in the facade's terms.
    init(ofRun error: any Error) {
        switch error {
        case let error as ArcFaceError: self = error
        case let error as ONNXRuntimeError: self.init(error)
        default: self.init(.runtimeFailed, "\(error)")
        }
    }
}

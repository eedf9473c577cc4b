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

    /// Loads a prepared model and runs it once over the faces.
    ///
    /// - Returns: float32 [N, width], raw embeddings.
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    func embeddings(_ model: Model, of faces: FaceBatch) throws(ArcFaceError) -> [Float] {
        var embeddings = [Float](repeating: 0, count: faces.count * width)
        do {
            let session = try ONNXRuntimeSession.load(
                model.serialized(), options: SessionOptions(name: "int8", intraOpThreads: threads), library: library)
            try faces.withUnsafeBytes { pixels in
                try embeddings.withUnsafeMutableBufferPointer { output in
                    for start in stride(from: 0, to: faces.count, by: Self.batch) {
                        let count = min(Self.batch, faces.count - start)
                        try session.run(
                            [Self.input(pixels, start, count)],
                            into: [
                                MutableTensorView(
                                    name: FaceModel.outputName, shape: [count, width],
                                    elements: UnsafeMutableBufferPointer(
                                        rebasing: output[start * width..<(start + count) * width]))
                            ])
                    }
                }
            }
        } catch let error as ONNXRuntimeError {
            throw ArcFaceError(error)
        } catch {
            throw ArcFaceError(.runtimeFailed, "\(error)")
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

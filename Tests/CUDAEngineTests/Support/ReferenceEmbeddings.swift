import Foundation
import NativeLibraries
import ONNXModel
import ONNXRuntime

/// What ONNX Runtime gives for a prepared float32 model.
enum ReferenceEmbeddings {
    static func of(_ faces: [UInt8], _ model: PreparedModel) throws -> [Float] {
        let library = try ONNXRuntimeLibrary(
            search: .onnxRuntime(
                path: TestFiles.folder.appending(path: "onnxruntime/capi").path, source: "the test"),
            logHandler: { _ in })
        let bytes = model.serialized()
        let session = try bytes.withUnsafeBytes { bytes in
            try ONNXRuntimeSession(model: bytes, options: SessionOptions(name: "reference"), library: library)
        }
        let count = faces.count / (112 * 112 * 3)
        var embeddings = [Float](repeating: .nan, count: count * model.embeddingWidth)
        try faces.withUnsafeBytes { faces in
            try embeddings.withUnsafeMutableBufferPointer { embeddings in
                try session.run(
                    [TensorView(name: "faces", elementType: .uint8, shape: [count, 112, 112, 3], bytes: faces)],
                    into: [
                        MutableTensorView(
                            name: "embedding", shape: [count, model.embeddingWidth], elements: embeddings)
                    ])
            }
        }
        return embeddings
    }
}

/// The cosine of the angle between two vectors, in double precision.
func cosine(_ first: some Collection<Float>, _ second: some Collection<Float>) -> Double {
    func product(_ left: some Collection<Float>, _ right: some Collection<Float>) -> Double {
        zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    return product(first, second) / (product(first, first) * product(second, second)).squareRoot()
}

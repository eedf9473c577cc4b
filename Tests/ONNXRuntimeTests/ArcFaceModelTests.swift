import Foundation
import Testing

@testable import ONNXRuntime

@Suite(
    .enabled(if: TestDependencies.hasLibrary, TestDependencies.libraryMissing),
    .enabled(if: TestDependencies.hasArcFaceModel, TestDependencies.modelMissing))
struct ArcFaceModelTests {
    private static let faceSize = 3 * 112 * 112

    private func embeddings(_ session: ONNXRuntimeSession, _ faces: ArraySlice<Float>) throws -> [Float] {
        let count = faces.count / Self.faceSize
        let (input, output) = (try #require(session.inputs.first), try #require(session.outputs.first))
        var embeddings = [Float](repeating: .nan, count: count * 512)
        try faces.withUnsafeBufferPointer { faces in
            try embeddings.withUnsafeMutableBufferPointer { embeddings in
                try session.run(
                    [TensorView(name: input.name, shape: [count, 3, 112, 112], elements: faces)],
                    into: [MutableTensorView(name: output.name, shape: [count, 512], elements: embeddings)])
            }
        }
        return embeddings
    }

    @Test func eachRowOfABatchEqualsThatFaceAlone() throws {
        let model = try Data(contentsOf: URL(filePath: TestDependencies.arcFaceModel))
        let session = try TestDependencies.session(Array(model), name: "w600k_mbf.onnx")
        var state: UInt32 = 1
        let faces = (0..<3 * Self.faceSize).map { _ -> Float in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float(state >> 24) / 127.5 - 1
        }
        let batch = try embeddings(session, faces[...])
        for row in 0..<3 {
            let alone = try embeddings(session, faces[row * Self.faceSize..<(row + 1) * Self.faceSize])
            let together = batch[row * 512..<(row + 1) * 512]
            let largest = alone.map(abs).max() ?? 0
            #expect(largest > 0.01 && largest.isFinite)
            #expect(zip(alone, together).allSatisfy { abs($0 - $1) <= 1e-4 * largest })
        }
    }
}

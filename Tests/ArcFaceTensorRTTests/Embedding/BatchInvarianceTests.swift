import FaceImages
import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite("A face in a batch")
struct BatchInvarianceTests {
    @Test(
        .enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"),
        arguments: [TestFiles.sface, TestFiles.mobileFaceNet])
    func `equals that face alone, in every slot of batches of 2, 7 and 32`(model: String) async throws {
        guard FileManager.default.fileExists(atPath: model) else {
            // The trained ArcFace model is optional; SFace, the first argument, is not.
            #expect(model == TestFiles.mobileFaceNet)
            return
        }
        let embedder = try TestFiles.embedder(model: model)
        let faces = try TestFiles.faces(count: 32)
        var alone: [EmbeddingBatch] = []
        for face in 0..<32 { alone.append(try await embedder.embed(faces.slice(face..<face + 1))) }
        var lowest = 1.0
        for size in [2, 7, 32] {
            // Rotating the batch by one puts each of its faces into each slot once.
            for rotation in 0..<size {
                let order = (0..<size).map { ($0 + rotation) % size }
                var batch = FaceBatch(capacity: size)
                for face in order { batch.append(contentsOf: faces.slice(face..<face + 1)) }
                let together = try await embedder.embed(batch)
                for (slot, face) in order.enumerated() {
                    lowest = min(lowest, cosine(together[slot], alone[face][0]))
                }
            }
        }
        print("\((model as NSString).lastPathComponent): cosine with itself alone ≥ \(lowest)")
        #expect(lowest >= 0.999999)
        // The faces differ, or the comparison would show nothing.
        #expect(cosine(alone[0][0], alone[1][0]) < 0.9)
    }

    private func cosine(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Double {
        zip(first, second).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
}

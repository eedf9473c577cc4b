import ArcFaceTensorRT
import Foundation
import Testing

/// The README's example, as it stands there.
@Suite("The README's example")
struct ReadmeExampleTests {
    @Test(.enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"))
    func `compiles and runs`() async throws {
        let embeddings = try await example(modelPath: TestFiles.sface, pixels: TestFiles.faces(count: 2).pixels)
        #expect(embeddings.count == 2)
        #expect(embeddings.width == 128)
        #expect(abs(embeddings.cosine(0, 0) - 1) < 1e-6)
        #expect(embeddings.cosine(0, 1) < 0.4)
    }

    private func example(modelPath: String, pixels: [UInt8]) async throws -> EmbeddingBatch {
        let embedder = try ArcFaceEmbedder(modelPath: modelPath)  // an ArcFace ONNX file
        let faces = try FaceBatch(count: 2, pixels: pixels)  // uint8 [2, 112, 112, 3], BGR
        let embeddings = try await embedder.embed(faces)
        print(embeddings.width, embeddings.norms, embeddings.cosine(0, 1))
        return embeddings
    }

    @Test func `stands in the README line by line`() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let block = try #require(readme.components(separatedBy: "```swift\n").dropFirst().first)
        let lines = block.components(separatedBy: "```")[0].split(separator: "\n").map(String.init)
        #expect(lines.count >= 5)
        for line in lines {
            #expect(source.contains(line.trimmingCharacters(in: .whitespaces)), "\(line)")
        }
    }
}

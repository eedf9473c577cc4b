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

    @Test(.enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"))
    func `of photos compiles and runs`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "readme-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.copyItem(atPath: TestFiles.photo, toPath: folder + "/t1.jpg")
        var configuration = TestFiles.configuration
        configuration.tensorRT.onnxPath = TestFiles.sface
        let summary = try await photos(folder: folder, output: folder + "/faces.npz", configuration: configuration)
        #expect(summary.photos == 1)
        #expect(summary.faces == 6)
        #expect(summary.facesByBackend == ["onnxruntime": 6])
        #expect(FileManager.default.fileExists(atPath: folder + "/faces.npz"))
    }

    private func photos(
        folder: String, output: String, configuration: ArcFaceConfiguration
    ) async throws -> PhotoEmbeddingSummary {
        for try await photo in try runTensorRTEmbeddings([folder], configuration: configuration) {
            for face in photo.faces { print(photo.path, face.score ?? 1, face.embedding.count) }
            for failure in photo.failures { print(failure) }
        }
        let summary = try await runTensorRTEmbeddings([folder], output: output, configuration: configuration)
        print(summary.faces, summary.facesByBackend)  // 1200, ["tensorrt": 1200]
        return summary
    }

    @Test func `stands in the README line by line`() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let blocks = readme.components(separatedBy: "```swift\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
        #expect(blocks.count == 2)
        let lines = blocks.flatMap { $0.split(separator: "\n").map(String.init) }
        for line in lines {
            #expect(source.contains(line.trimmingCharacters(in: .whitespaces)), "\(line)")
        }
    }
}

import Testing

@testable import ArcFaceTensorRT

@Suite struct ConfigurationPipelineFileTests {
    private func load(_ yaml: String) throws -> LoadedConfiguration {
        let folder = try ConfigurationFolder()
        try folder.write(yaml, to: "theirs.yaml")
        return try ArcFaceConfiguration.load(pipelineFile: "theirs.yaml", workingDirectory: folder.path)
    }

    private func errors(_ yaml: String) throws -> [String] {
        let folder = try ConfigurationFolder()
        try folder.write(yaml, to: "theirs.yaml")
        return folder.errors(pipelineFile: "theirs.yaml")
    }

    @Test func `only embedding.backend is read, whatever else there is`() throws {
        let loaded = try load(
            """
            stages: [detect, embed]
            secret: !vault abc
            tensorrt: { precision: int8, nonsense: 1 }
            embedding:
              fallback: onnxruntime
              model: buffalo_l
              backend: onnxruntime
            arcface_tensorrt: { enabled: false }
            """)
        #expect(loaded.configuration == ArcFaceConfiguration(embedding: .init(backend: .onnxRuntime)))
        #expect(loaded.origins["embedding.backend"] == .pipelineFile(path: "theirs.yaml", line: 7))
        #expect(loaded.notes.isEmpty)
    }

    @Test(arguments: ["", "a: 1", "embedding: buffalo_l", "embedding: [backend]", "embedding: { backend: }", "- x"])
    func `a pipeline file without a backend is worth a note`(yaml: String) throws {
        let loaded = try load(yaml)
        #expect(loaded.configuration == ArcFaceConfiguration())
        #expect(loaded.notes == ["theirs.yaml sets no embedding.backend; nothing was taken from it"])
    }

    @Test func `a backend through a merge key is found`() throws {
        #expect(
            try load("base: &b { backend: cuda }\nembedding: { <<: *b, dim: 512 }").configuration.embedding.backend
                == .cuda)
    }

    @Test func `a backend that doesn't exist is an error`() throws {
        #expect(
            try errors("x: 1\nembedding:\n  backend: insightface") == [
                "theirs.yaml:3: embedding.backend: \"insightface\" is impossible, wanted one of auto, tensorrt,"
                    + " tensorrt-rtx, cuda, onnxruntime, pytorch (choose one of them)"
            ])
    }

    @Test func `broken YAML is an error`() throws {
        let errors = try errors("embedding: [")
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("theirs.yaml:") ?? false)
    }
}

import Testing

@testable import ArcFaceTensorRT

@Suite struct ConfigurationPrecedenceTests {
    private static let file = "tensorrt:\n  precision: int8\nembedding:\n  backend: cuda\n"
    private static let pipeline = "model: x\nembedding:\n    size: 512\n    backend: tensorrt\n"
    private static let variable = ["ARCFACE_EMBEDDING_BACKEND": "onnxruntime"]
    private static let option = ConfigurationOverride(key: "embedding.backend", value: "pytorch", option: "--runtime")

    /// Each layer wins over all those before it, and the origin says so.
    @Test func `command line over environment over pipeline file over file over defaults`() throws {
        let folder = try ConfigurationFolder()
        try folder.write(Self.file, to: "c.yaml")
        try folder.write(Self.pipeline, to: "p.yaml")
        let steps: [(file: Bool, pipeline: Bool, variable: Bool, option: Bool, Backend, ConfigurationOrigin)] = [
            (false, false, false, false, .auto, .default),
            (true, false, false, false, .cuda, .file(path: "c.yaml", line: 4)),
            (true, true, false, false, .tensorRT, .pipelineFile(path: "p.yaml", line: 4)),
            (true, true, true, false, .onnxRuntime, .environment(name: "ARCFACE_EMBEDDING_BACKEND")),
            (true, true, true, true, .pyTorch, .commandLine(option: "--runtime")),
            (true, false, true, true, .pyTorch, .commandLine(option: "--runtime")),
            (true, true, false, true, .pyTorch, .commandLine(option: "--runtime")),
            (false, true, true, false, .onnxRuntime, .environment(name: "ARCFACE_EMBEDDING_BACKEND")),
        ]
        for (file, pipeline, variable, option, backend, origin) in steps {
            let loaded = try ArcFaceConfiguration.load(
                file: file ? "c.yaml" : nil, environment: variable ? Self.variable : [:],
                overrides: option ? [Self.option] : [], pipelineFile: pipeline ? "p.yaml" : nil,
                workingDirectory: folder.path)
            #expect(loaded.configuration.embedding.backend == backend)
            #expect(loaded.origins["embedding.backend"] == origin)
            // Layers that say nothing about a key leave it alone.
            #expect(loaded.configuration.tensorRT.precision == (file ? .int8 : .fp16))
        }
    }

    @Test func `of two options for one key the later wins`() throws {
        let first = ConfigurationOverride(key: "embedding.backend", value: "cuda", option: "--set")
        let loaded = try ArcFaceConfiguration.load(
            overrides: [first, Self.option], workingDirectory: ConfigurationFolder().path)
        #expect(loaded.configuration.embedding.backend == .pyTorch)
    }

    @Test func `the file is the named one, else ARCFACE_CONFIG's, else the one in the working directory`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("tensorrt: { max_batch_size: 1 }", to: ArcFaceConfiguration.defaultFile)
        try folder.write("tensorrt: { max_batch_size: 2 }", to: "variable.yaml")
        try folder.write("tensorrt: { max_batch_size: 3 }", to: "named.yaml")
        func load(_ file: String?, _ variable: String?) throws -> LoadedConfiguration {
            try ArcFaceConfiguration.load(
                file: file, environment: variable.map { ["ARCFACE_CONFIG": $0] } ?? [:], workingDirectory: folder.path)
        }
        #expect(try load(nil, nil).configuration.tensorRT.maxBatchSize == 1)
        #expect(try load(nil, nil).file == "config/pipeline/arcface_tensorrt.yaml")
        #expect(try load(nil, "").configuration.tensorRT.maxBatchSize == 1)
        #expect(try load(nil, "variable.yaml").configuration.tensorRT.maxBatchSize == 2)
        #expect(try load("named.yaml", "variable.yaml").configuration.tensorRT.maxBatchSize == 3)
        #expect(try load("\(folder.path)/named.yaml", nil).configuration.tensorRT.maxBatchSize == 3)
    }

    @Test func `a named file that is missing is an error, whoever names it`() throws {
        let folder = try ConfigurationFolder()
        let expected =
            "none.yaml: the file can't be read: No such file or directory (check the path and its permissions)"
        #expect(folder.errors(file: "none.yaml") == [expected])
        #expect(folder.errors(environment: ["ARCFACE_CONFIG": "none.yaml"]) == [expected])
        #expect(folder.errors(pipelineFile: "none.yaml") == [expected])
    }

    @Test func `paths stay as they were written`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("tensorrt: { engine_local_dir: ../e, onnx_path: ./m.onnx }", to: "deep/c.yaml")
        let it = try ArcFaceConfiguration.load(file: "deep/c.yaml", workingDirectory: folder.path).configuration
        #expect(it.tensorRT.engineLocalDirectory == "../e")
        #expect(it.tensorRT.onnxPath == "./m.onnx")
    }
}

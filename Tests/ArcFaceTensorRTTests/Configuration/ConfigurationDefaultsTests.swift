import Testing

@testable import ArcFaceTensorRT

@Suite struct ConfigurationDefaultsTests {
    @Test func `nothing configured gives the documented defaults`() throws {
        let folder = try ConfigurationFolder()
        let loaded = try ArcFaceConfiguration.load(workingDirectory: folder.path)
        let it = loaded.configuration
        #expect(it == ArcFaceConfiguration())
        #expect(loaded.file == nil)
        #expect(loaded.origins.values.allSatisfy { $0 == .default })
        #expect(it.isEnabled)
        #expect(it.embedding == .init(backend: .auto, fallback: .pyTorch, requireGPU: false))
        #expect(it.tensorRT.onnxPath == "models/arcface_r100.onnx")
        #expect(it.tensorRT.precision == .fp16)
        #expect((it.tensorRT.maxBatchSize, it.tensorRT.workspaceSizeMB) == (32, 4096))
        #expect(it.tensorRT.engineLocalDirectory == "data/engines")
        #expect(it.benchmark.batchSizes == [1, 8, 32])
        #expect(it.preprocessing.isDetected)
        #expect(it.detection == .init(modelPath: nil, minScore: 0.6, nmsThreshold: 0.3, maxSide: 1920, topK: 5000))
        #expect(it.input.maxPixels == 100_000_000)
        #expect(it.onnxRuntime == .init(libraryPath: nil, threads: 0, device: .cpu))
        #expect(it.storage.prefix == "engines/arcface/")
    }

    @Test func `comparison thresholds are the six of the table, wider for int8`() {
        let comparison = ArcFaceConfiguration().comparison
        let floating = comparison.thresholds(for: .fp16)
        #expect(comparison.thresholds(for: .fp32) == floating)
        #expect((floating.minCosineSimilarity, floating.warnCosineSimilarity) == (0.995, 0.990))
        #expect((floating.minCosineWorst, floating.warnCosineWorst) == (0.990, 0.980))
        #expect((floating.maxL2Mean, floating.warnL2Mean) == (0.05, 0.10))
        let int8 = comparison.thresholds(for: .int8)
        #expect((int8.minCosineSimilarity, int8.warnCosineSimilarity) == (0.995, 0.990))
        #expect((int8.minCosineWorst, int8.warnCosineWorst) == (0.98, 0.96))
        #expect((int8.maxL2Mean, int8.warnL2Mean) == (0.10, 0.14))
        #expect(comparison.sampleCount == 100)
    }

    @Test func `the model's name goes into the path of the model, also into one of the user's own`() throws {
        let folder = try ConfigurationFolder()
        let own = "tensorrt: { model_name: r50, onnx_path: '/m/{model_name}/{model_name}.onnx' }"
        #expect(try folder.load("tensorrt: { model_name: r50 }").configuration.tensorRT.onnxPath == "models/r50.onnx")
        #expect(try folder.load(own).configuration.tensorRT.onnxPath == "/m/r50/r50.onnx")
    }

    @Test func `the defaults are valid`() throws {
        try ArcFaceConfiguration().validate()
    }

    @Test(arguments: ["", "\n", "# only a comment\n", "---\n", "null", "embedding:\n", "embedding: ~\ntensorrt: {}"])
    func `a file that says nothing changes nothing`(yaml: String) throws {
        let loaded = try ConfigurationFolder().load(yaml)
        #expect(loaded.configuration == ArcFaceConfiguration())
        #expect(loaded.file == "c.yaml")
    }

    @Test func `null and empty values are defaults`() throws {
        let loaded = try ConfigurationFolder().load(
            "embedding: { backend: null, fallback: '' }\nbenchmark:\n  batch_sizes:\nstorage: { bucket: ~ }")
        #expect(loaded.configuration == ArcFaceConfiguration())
        #expect(loaded.origins["embedding.backend"] == .default)
    }
}

import Testing

@testable import ArcFaceTensorRT

@Suite struct ConfigurationValidationTests {
    @Test(arguments: ["comparison", "comparison.int8"])
    func `warning limits lie on the far side of their targets`(section: String) throws {
        let folder = try ConfigurationFolder()
        let head = section == "comparison" ? "comparison:\n" : "comparison:\n int8:\n"
        func errors(_ keys: String) throws -> [String] {
            try folder.errors(head + keys.split(separator: "\n").map { "  \($0)\n" }.joined())
        }
        let line = section == "comparison" ? 3 : 4
        #expect(
            try errors("min_cosine_similarity: 0.98\nwarn_cosine_similarity: 0.99") == [
                "c.yaml:\(line): \(section).warn_cosine_similarity: warn_cosine_similarity 0.99 is above"
                    + " min_cosine_similarity 0.98 (warn_cosine_similarity must be at most min_cosine_similarity)"
            ])
        #expect(
            try errors("min_cosine_worst: 0.5") == [
                "c.yaml:\(line - 1): \(section).min_cosine_worst: warn_cosine_worst \(section == "comparison" ? 0.98 : 0.96)"
                    + " is above min_cosine_worst 0.5 (warn_cosine_worst must be at most min_cosine_worst)"
            ])
        #expect(
            try errors("max_l2_mean: 0.3\nwarn_l2_mean: 0.2") == [
                "c.yaml:\(line): \(section).warn_l2_mean: warn_l2_mean 0.2 is below max_l2_mean 0.3"
                    + " (warn_l2_mean must be at least max_l2_mean)"
            ])
        #expect(try errors("max_l2_mean: 0.2\nwarn_l2_mean: 0.2").isEmpty)
    }

    @Test func `a contradiction is reported in the layer that wins`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("arcface_tensorrt: { enabled: false }", to: "c.yaml")
        let errors = folder.errors(file: "c.yaml", environment: ["ARCFACE_EMBEDDING_FALLBACK": "cuda"])
        #expect(
            errors == [
                "ARCFACE_EMBEDDING_FALLBACK: embedding.fallback: cuda needs NVIDIA libraries, which"
                    + " arcface_tensorrt.enabled: false keeps out (choose pytorch or onnxruntime)"
            ])
    }

    @Test func `the rollback switch runs on backends without NVIDIA libraries`() throws {
        for fallback in ["pytorch", "onnxruntime"] {
            let yaml = "arcface_tensorrt: { enabled: false }\nembedding: { fallback: \(fallback) }"
            #expect(try ConfigurationFolder().load(yaml).configuration.isEnabled == false)
        }
    }

    @Test func `a configuration made in code is held to the same rules`() throws {
        var configuration = ArcFaceConfiguration()
        configuration.tensorRT.maxBatchSize = 0
        configuration.embedding.fallback = .auto
        configuration.detection.minScore = .nan
        configuration.storage.bucket = "a\u{0}b"
        configuration.benchmark.batchSizes = []
        configuration.comparison.int8.warnL2Mean = 0.01
        do throws(ConfigurationError) {
            try configuration.validate()
            Issue.record("an impossible configuration was accepted")
        } catch {
            #expect(
                error.issues.map(\.key) == [
                    "embedding.fallback", "tensorrt.max_batch_size", "detection.min_score", "benchmark.batch_sizes",
                    "storage.bucket", "comparison.int8.warn_l2_mean",
                ])
            #expect(error.issues.last?.code == .contradiction)
        }
    }
}

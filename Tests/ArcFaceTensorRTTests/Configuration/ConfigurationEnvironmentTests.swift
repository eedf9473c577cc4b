import Testing

@testable import ArcFaceTensorRT

@Suite struct ConfigurationEnvironmentTests {
    private func load(_ environment: [String: String]) throws -> ArcFaceConfiguration {
        let folder = try ConfigurationFolder()
        return try ArcFaceConfiguration.load(environment: environment, workingDirectory: folder.path).configuration
    }

    private func errors(_ environment: [String: String]) throws -> [String] {
        let folder = try ConfigurationFolder()
        return folder.errors(environment: environment)
    }

    @Test func `a variable is ARCFACE_ and the path in capitals`() {
        let names = ConfigurationSchema.keys.map(\.environmentName)
        #expect(names.contains("ARCFACE_EMBEDDING_BACKEND"))
        #expect(names.contains("ARCFACE_COMPARISON_INT8_MAX_L2_MEAN"))
        #expect(names.contains("ARCFACE_ARCFACE_TENSORRT_ENABLED"))
    }

    @Test func `no two keys share a variable, and none is taken for something else`() {
        let names = ConfigurationSchema.keys.map(\.environmentName)
        #expect(Set(names).count == names.count)
        #expect(!names.contains(ConfigurationEnvironment.fileVariable))
        #expect(!names.contains { $0.hasPrefix(ConfigurationEnvironment.testPrefix) })
        #expect(names.allSatisfy { $0.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") } })
    }

    private static let keys = [
        "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=", "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    ]

    @Test func `a public key must be one, and a private one is not shown`() throws {
        for (value, hint) in [("one", "engines keygen"), ("ed25519-private:c2VjcmV0", "this is a private key")] {
            let error = #expect(throws: ConfigurationError.self) {
                try load(["ARCFACE_STORAGE_PUBLIC_KEYS": value])
            }
            #expect(error?.description.contains(hint) == true)
            #expect(error?.description.contains("c2VjcmV0") == false)
        }
    }

    @Test func `the signing key is no setting`() throws {
        #expect(try load(["ARCFACE_SIGNING_KEY": "ed25519-private:x"]) == ArcFaceConfiguration())
    }

    @Test func `values of every kind are read`() throws {
        let it = try load([
            "ARCFACE_EMBEDDING_BACKEND": "tensorrt-rtx", "ARCFACE_EMBEDDING_REQUIRE_GPU": "yes",
            "ARCFACE_TENSORRT_MAX_BATCH_SIZE": "64", "ARCFACE_DETECTION_MIN_SCORE": "0.75",
            "ARCFACE_BENCHMARK_BATCH_SIZES": "1, 2,4",
            "ARCFACE_STORAGE_PUBLIC_KEYS": "[\(Self.keys[0]),\(Self.keys[1])]",
            "ARCFACE_PREPROCESSING_COLOR": "bgr", "ARCFACE_STORAGE_BUCKET": "123", "HOME": "/root",
        ])
        #expect(it.embedding.backend == .tensorRTRTX)
        #expect(it.embedding.requireGPU)
        #expect(it.tensorRT.maxBatchSize == 64)
        #expect(it.detection.minScore == 0.75)
        #expect(it.benchmark.batchSizes == [1, 2, 4])
        #expect(it.storage.publicKeys == Self.keys)
        #expect(it.preprocessing == .init(color: .bgr))
        #expect(it.storage.bucket == "123")
    }

    @Test func `an empty variable counts as not set`() throws {
        #expect(try load(["ARCFACE_EMBEDDING_BACKEND": "", "ARCFACE_STORAGE_BUCKET": ""]) == ArcFaceConfiguration())
    }

    @Test func `variables of tests are no settings`() throws {
        #expect(try load(["ARCFACE_TEST_DEPS": "/x", "ARCFACE_TEST_DATA": "/y"]) == ArcFaceConfiguration())
    }

    @Test(arguments: [
        ("ARCFACE_EMBEDING_BACKEND", "ARCFACE_EMBEDDING_BACKEND"), ("ARCFACE_CONFG", "ARCFACE_CONFIG"),
        ("ARCFACE_BACKEND", "ARCFACE_EMBEDDING_BACKEND"), ("ARCFACE_PRECISION", "ARCFACE_TENSORRT_PRECISION"),
        ("ARCFACE_TENSORRT_ENABLED", "ARCFACE_ARCFACE_TENSORRT_ENABLED"),
        ("ARCFACE_INT8_MAX_L2_MEAN", "ARCFACE_COMPARISON_INT8_MAX_L2_MEAN"),
    ])
    func `an unknown variable is an error that names the nearest`(name: String, nearest: String) throws {
        #expect(try errors([name: "x"]) == ["\(name): there is no such variable (did you mean \(nearest)?)"])
    }

    @Test func `a variable that was renamed is an error that names the present one`() throws {
        let expected = "ARCFACE_TENSORRT_DEVICES: there is no such variable (it is ARCFACE_TENSORRT_GPUS now)"
        #expect(try errors(["ARCFACE_TENSORRT_DEVICES": "0"]) == [expected])
    }

    @Test func `a bad value names its variable and its key`() throws {
        #expect(
            try errors(["ARCFACE_TENSORRT_PRECISION": "fp61"]) == [
                "ARCFACE_TENSORRT_PRECISION: tensorrt.precision: \"fp61\" is impossible, wanted one of fp32, fp16, int8"
                    + " (did you mean fp16?)"
            ])
        #expect(
            try errors(["ARCFACE_BENCHMARK_BATCH_SIZES": "1,,2"]).first?.contains("remove the empty element") == true)
    }
}

import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite struct ConfigurationShowTests {
    /// For every key a value that isn't its default.
    static let otherValues: [String: String] = [
        "arcface_tensorrt.enabled": "false", "embedding.backend": "tensorrt-rtx", "embedding.fallback": "onnxruntime",
        "embedding.require_gpu": "true", "tensorrt.model_name": "r50.v-2",
        "embedding.auto_build": "background",
        "embedding.calibration_faces": "faces",
        "tensorrt.onnx_path": "/a b/{model_name}: #1",
        "tensorrt.precision": "int8", "tensorrt.accept": "false", "tensorrt.max_batch_size": "7",
        "tensorrt.workspace_size_mb": "1048576",
        "tensorrt.engine_local_dir": "~/engines", "preprocessing.color": "bgr", "preprocessing.mean": "0.0",
        "tensorrt.gpus": "[1, 0]", "tensorrt.library_path": "/opt/tensorrt/lib",
        "preprocessing.scale": "0.00001", "detection.model_path": "Größe 顔 \"'\\.onnx", "detection.min_score": "1.0",
        "detection.nms_threshold": "0.123456789012345", "detection.max_side": "640", "detection.top_k": "1",
        "input.max_pixels": "2147483647", "onnxruntime.library_path": "no", "onnxruntime.threads": "3",
        "onnxruntime.device": "cuda", "onnxruntime.precision": "fp16", "pytorch.python": "123",
        "pytorch.device": "cuda", "pytorch.mode": "compile-fp16", "pytorch.checkpoint": "a b.pth",
        "pytorch.arch": "mbf",
        "comparison.min_cosine_similarity": "0.99",
        "comparison.warn_cosine_similarity": "-0.5", "comparison.min_cosine_worst": "0.5",
        "comparison.warn_cosine_worst": "-1.0", "comparison.max_l2_mean": "0.2", "comparison.warn_l2_mean": "2.0",
        "comparison.n_samples": "1000", "comparison.faces": "photos: #1",
        "comparison.int8.min_cosine_similarity": "0.9",
        "comparison.int8.warn_cosine_similarity": "0.8", "comparison.int8.min_cosine_worst": "0.7",
        "comparison.int8.warn_cosine_worst": "0.6", "comparison.int8.max_l2_mean": "0.3",
        "comparison.int8.warn_l2_mean": "0.4", "benchmark.batch_sizes": "2,3", "storage.bucket": "- b",
        "storage.prefix": "true", "storage.endpoint": "https://s3:9000", "storage.region": "eu-1",
        "storage.path_style": "true", "storage.require_signature": "true",
        "storage.public_keys":
            "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=,ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "storage.ca_file": "a: b,{c},\u{2028}", "storage.verify_tls": "false", "storage.timeout_seconds": "7",
        "storage.lease_seconds": "8", "storage.push": "false", "storage.max_size_mb": "9",
        "storage.signing_key_path": "~/team: #key",
    ]

    private func loadOthers() throws -> LoadedConfiguration {
        try ArcFaceConfiguration.load(
            overrides: Self.otherValues.map { .init(key: $0, value: $1, option: "--set") },
            workingDirectory: ConfigurationFolder().path)
    }

    @Test func `every key can be set, and every one changes the configuration`() throws {
        #expect(Set(Self.otherValues.keys) == Set(ConfigurationSchema.keys.map(\.path)))
        let loaded = try loadOthers()
        for key in ConfigurationSchema.keys {
            #expect(key.value(loaded.configuration) != key.defaultValue, "\(key.path)")
            #expect(loaded.origins[key.path] == .commandLine(option: "--set"))
        }
    }

    @Test func `rendered YAML loads back to the same configuration`() throws {
        let folder = try ConfigurationFolder()
        for loaded in [try loadOthers(), try ArcFaceConfiguration.load(workingDirectory: folder.path)] {
            #expect(try folder.load(loaded.renderYAML()).configuration == loaded.configuration)
        }
    }

    @Test func `every key alone survives rendering`() throws {
        let folder = try ConfigurationFolder()
        for (key, value) in Self.otherValues {
            // Targets and limits must stay on their sides; those are tried together.
            if key.hasPrefix("comparison.") { continue }
            let loaded = try ArcFaceConfiguration.load(
                overrides: [.init(key: key, value: value, option: "--set")], workingDirectory: folder.path)
            #expect(try folder.load(loaded.renderYAML()).configuration == loaded.configuration, "\(key)")
        }
    }

    @Test func `rows, table and YAML tell where a value came from`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("tensorrt:\n  precision: fp32\n", to: "c.yaml")
        let loaded = try ArcFaceConfiguration.load(
            file: "c.yaml", environment: ["ARCFACE_BENCHMARK_BATCH_SIZES": "4"], workingDirectory: folder.path)
        #expect(loaded.rows.count == ConfigurationSchema.keys.count)
        #expect(loaded.rows.contains { ($0.key, $0.value, $0.origin) == ("tensorrt.precision", "fp32", "c.yaml:2") })
        #expect(loaded.renderYAML().contains("  precision: fp32  # c.yaml:2\n"))
        #expect(loaded.renderYAML().contains("  batch_sizes: [4]  # ARCFACE_BENCHMARK_BATCH_SIZES\n"))
        let lines = loaded.renderTable().split(separator: "\n")
        #expect(lines.count == loaded.rows.count + 1)
        let columns = lines.map { line in
            ["from", "default", "c.yaml:2", "ARCFACE_BENCHMARK_BATCH_SIZES"].compactMap { word in
                line.hasSuffix("  \(word)") ? line.count - word.count : nil
            }.first
        }
        #expect(Set(columns).count == 1 && columns.first != nil)
    }

    @Test func `JSON holds typed values and their sources`() throws {
        let loaded = try loadOthers()
        let json = try loaded.renderJSON()
        let report = try JSONDecoder().decode(ConfigurationReport.self, from: Data(json.utf8))
        #expect(report.entries.keys.sorted() == ConfigurationSchema.keys.map(\.path).sorted())
        #expect(report.entries["tensorrt.max_batch_size"] == .init(value: .integer(7), source: "--set"))
        #expect(report.entries["benchmark.batch_sizes"]?.value == .list([.integer(2), .integer(3)]))
        #expect(report.entries["embedding.require_gpu"]?.value == .boolean(true))
        #expect(report.entries["pytorch.python"]?.value == .text("123"))
        let defaults = try ArcFaceConfiguration.load(workingDirectory: ConfigurationFolder().path).report
        #expect(defaults.entries["storage.bucket"] == .init(value: .null, source: "default"))
    }
}

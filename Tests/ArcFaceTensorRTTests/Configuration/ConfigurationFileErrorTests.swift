import Testing

@testable import ArcFaceTensorRT

@Suite struct ConfigurationFileErrorTests {
    @Test(arguments: [
        // Unknown keys: with their path, their line, and what was meant.
        (
            "embedding:\n  bakend: cuda",
            "c.yaml:2: embedding.bakend: there is no such key (did you mean embedding.backend?)"
        ),
        ("tensorrt:\n  devices: [0]", "c.yaml:2: tensorrt.devices: there is no such key (it is tensorrt.gpus now)"),
        ("embeding:\n  backend: cuda", "c.yaml:1: embeding: there is no such key (did you mean embedding?)"),
        ("backend: cuda", "c.yaml:1: backend: there is no such key (did you mean embedding.backend?)"),
        ("int8:\n  n: 1", "c.yaml:1: int8: there is no such key (did you mean comparison.int8?)"),
        (
            "tensorrt:\n  max-batch-size: 4",
            "c.yaml:2: tensorrt.max-batch-size: there is no such key (did you mean tensorrt.max_batch_size?)"
        ),
        (
            "tensorrt:\n  require_gpu: true",
            "c.yaml:2: tensorrt.require_gpu: there is no such key (did you mean embedding.require_gpu?)"
        ),
        (
            "embedding.backend: cuda",
            "c.yaml:1: embedding.backend: there is no such key (write backend: below embedding:)"
        ),
        (
            "input:\n  colour_management: 1",
            "c.yaml:2: input.colour_management: there is no such key (valid here: max_pixels)"
        ),
        ("? [a]\n: 1", "c.yaml:1: found a list as a key (write the name of a key)"),
        // Wrong kinds.
        (
            "arcface_tensorrt:\n\n  enabled: 1",
            "c.yaml:3: arcface_tensorrt.enabled: found the number \"1\", wanted true or false"
                + " (write true or false, without quotes)"
        ),
        (
            "arcface_tensorrt:\n  enabled: 'true'",
            "c.yaml:2: arcface_tensorrt.enabled: found the quoted text \"true\", wanted true or false"
                + " (write true or false, without quotes)"
        ),
        (
            "tensorrt: { max_batch_size: 32.0 }",
            "c.yaml:1: tensorrt.max_batch_size: found the number \"32.0\", wanted a whole number from 1 to 4096"
                + " (write digits only, without quotes or leading zeros)"
        ),
        (
            "tensorrt: { max_batch_size: 010 }",
            "c.yaml:1: tensorrt.max_batch_size: found the text \"010\", wanted a whole number from 1 to 4096"
                + " (write digits only, without quotes or leading zeros)"
        ),
        (
            "storage: { region: no }",
            "c.yaml:1: storage.region: found the yes/no value \"no\", wanted text (put it in quotes if it is meant)"
        ),
        (
            "detection:\n  min_score: [0.5]",
            "c.yaml:2: detection.min_score: found a list, wanted a number from 0 to 1"
                + " (write it like 0.995, without quotes)"
        ),
        (
            "embedding:\n  backend: { a: 1 }",
            "c.yaml:2: embedding.backend: found a mapping, wanted one of auto, tensorrt, tensorrt-rtx, cuda,"
                + " onnxruntime, pytorch (write one of these words)"
        ),
        (
            "tensorrt: { model_name: !include x }",
            "c.yaml:1: tensorrt.model_name: found a value with the tag \"!include\", wanted a name of letters, digits,"
                + " dots, hyphens and underscores (put it in quotes if it is meant)"
        ),
        (
            "benchmark:\n  batch_sizes: 8",
            "c.yaml:2: benchmark.batch_sizes: found the number \"8\", wanted a list of 1 to 64 values"
                + " (write it like [a, b])"
        ),
        // Impossible values.
        (
            "embedding:\n  backend: tensort",
            "c.yaml:2: embedding.backend: \"tensort\" is impossible, wanted one of auto, tensorrt, tensorrt-rtx, cuda,"
                + " onnxruntime, pytorch (did you mean tensorrt?)"
        ),
        (
            "embedding: { fallback: auto }",
            "c.yaml:1: embedding.fallback: \"auto\" is impossible, wanted one of tensorrt, tensorrt-rtx, cuda,"
                + " onnxruntime, pytorch (choose one of them)"
        ),
        (
            "tensorrt: { max_batch_size: 0 }",
            "c.yaml:1: tensorrt.max_batch_size: 0 is impossible, wanted a whole number from 1 to 4096 (the nearest is 1)"
        ),
        (
            "detection: { min_score: .nan }",
            "c.yaml:1: detection.min_score: nan is impossible, wanted a number from 0 to 1 (choose one in that range)"
        ),
        (
            "preprocessing: { scale: 0 }",
            "c.yaml:1: preprocessing.scale: 0.0 is impossible, wanted a number above 0, at most 1000"
                + " (choose one in that range)"
        ),
        (
            "tensorrt: { model_name: ../../etc/x }",
            "c.yaml:1: tensorrt.model_name: \"../../etc/x\" is impossible, wanted a name of letters, digits, dots, hyphens"
                + " and underscores (1 to 128 of these, not starting with a dot or a hyphen: it becomes part of a file"
                + " name)"
        ),
        (
            "storage: { endpoint: s3.example.com }",
            "c.yaml:1: storage.endpoint: \"s3.example.com\" is impossible, wanted an address starting with http:// or"
                + " https:// (write it like https://s3.example.com:9000)"
        ),
        (
            "benchmark:\n  batch_sizes: []",
            "c.yaml:2: benchmark.batch_sizes: a list of 0 is impossible, wanted a list of 1 to 64 values"
                + " (add one, or leave the key out)"
        ),
        (
            "benchmark:\n  batch_sizes:\n    - 8\n    - -1",
            "c.yaml:4: benchmark.batch_sizes: -1 is impossible, wanted a whole number from 1 to 4096 (the nearest is 1)"
        ),
        // Shapes.
        (
            "embedding: cuda",
            "c.yaml:1: embedding: found the text \"cuda\", wanted keys with values"
                + " (write backend, fallback, require_gpu, auto_build, calibration_faces with values here)"
        ),
        (
            "\n- a",
            "c.yaml:2: found a list, wanted keys with values (write arcface_tensorrt, embedding, tensorrt,"
                + " preprocessing, detection, input, onnxruntime, pytorch, comparison, benchmark, storage with values"
                + " here)"
        ),
    ])
    func `an error says where, what and what to do`(yaml: String, error: String) throws {
        #expect(try ConfigurationFolder().errors(yaml) == [error])
    }

    @Test func `all errors of a file are reported at once, in order`() throws {
        let errors = try ConfigurationFolder().errors(
            "embedding:\n  backend: tpu\n  x: 1\ntensorrt:\n  precision: fp8\nnothing: 1\n")
        #expect(errors.count == 4)
        #expect(Set(errors.map { $0.prefix(8) }) == ["c.yaml:2", "c.yaml:3", "c.yaml:5", "c.yaml:6"])
    }

    @Test func `errors of all layers are reported at once`() throws {
        let folder = try ConfigurationFolder()
        try folder.write("x: 1", to: "c.yaml")
        try folder.write("embedding: { backend: theirs }", to: "p.yaml")
        let errors = folder.errors(
            file: "c.yaml", environment: ["ARCFACE_TENSORRT_PRECISION": "fp8"],
            overrides: [.init(key: "embedding.bakend", value: "cuda", option: "--set")], pipelineFile: "p.yaml")
        #expect(errors.count == 4)
        let starts = ["--set: embedding.bakend:", "ARCFACE_TENSORRT_PRECISION:", "c.yaml:1: x:", "p.yaml:1: embedding"]
        for (error, start) in zip(errors.sorted(), starts) { #expect(error.hasPrefix(start)) }
    }
}

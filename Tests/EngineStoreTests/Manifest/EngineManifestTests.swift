import Digests
import EngineStore
import Testing
import engine_store_probe

@Suite struct EngineManifestTests {
    let example: EngineManifest

    init() throws {
        var manifest = try ExampleEngine.manifest(ExampleEngine.name(), plan: Array("plan".utf8))
        manifest.model.prepared = Digest.of("prepared")
        manifest.calibration = Digest.of("faces")
        manifest.builder.workspaceMB = 4096
        manifest.acceptance = EngineAcceptance(
            verdict: .pass, reference: "onnxruntime", samples: 100, cosineMean: 0.99998, cosineMin: 0.9995,
            l2Mean: 0.004,
            measured: UTCTime(seconds: 1_769_860_900))
        manifest.signature = EngineSignature(publicKey: "cHVibGlj", value: "c2lnbmVk")
        example = manifest
    }

    func read(_ text: String) throws -> EngineManifest {
        try EngineManifest(json: Array(text.utf8), location: "m.json")
    }

    func text(_ manifest: EngineManifest) throws -> String { String(decoding: try manifest.json(), as: UTF8.self) }

    @Test func theFileHasEveryFieldUnderASortedName() throws {
        let expected = """
            {
              "acceptance" : {
                "cosine_mean" : 0.99998,
                "cosine_min" : 0.9995,
                "l2_mean" : 0.004,
                "measured" : "2026-01-31T12:01:40Z",
                "reference" : "onnxruntime",
                "samples" : 100,
                "verdict" : "PASS"
              },
              "batch" : {
                "profiles" : [
                  {
                    "max" : 32,
                    "min" : 1,
                    "opt" : 8
                  }
                ],
                "streams" : 1
              },
              "builder" : {
                "compute_capabilities" : [

                ],
                "hardware_compatibility" : "none",
                "version_compatible" : false,
                "workspace_mb" : 4096
              },
              "built_on" : {
                "driver" : "550.54.15",
                "gpu" : "NVIDIA A10",
                "sm" : 86
              },
              "calibration_sha256" : "\(Digest.of("faces"))",
              "created" : "2026-01-31T12:00:00Z",
              "embedding_width" : 512,
              "format" : 1,
              "model" : {
                "name" : "arcface_r100",
                "onnx_sha256" : "\(Digest.of("the model"))",
                "prepared_sha256" : "\(Digest.of("prepared"))"
              },
              "plan" : {
                "bytes" : 4,
                "sha256" : "\(Digest.of("plan"))"
              },
              "precision" : "fp16",
              "preprocessing" : {
                "color" : "rgb",
                "mean" : 127.5,
                "scale" : 127.5
              },
              "runtime" : {
                "name" : "tensorrt",
                "version" : "10.8.0.43"
              },
              "signature" : {
                "algorithm" : "ed25519",
                "public_key" : "cHVibGlj",
                "value" : "c2lnbmVk"
              },
              "tool_version" : "0.1.0"
            }

            """
        #expect(try text(example) == expected)
        #expect(try read(expected) == example)
    }

    @Test func fieldsOfLaterVersionsSurviveAnEdit() throws {
        let later = try text(example)
            .replacing(
                "\"format\" : 1",
                with: "\"format\" : 1, \"license\" : {\"name\" : \"non-commercial\", \"n\" : [1, 2.5, null]}"
            )
            .replacing("\"sm\" : 86", with: "\"sm\" : 86, \"cores\" : 9223372036854775807, \"fast\" : true")
        var manifest = try read(later)
        manifest.acceptance = nil
        manifest.builtOn.gpu = "NVIDIA A40"
        let written = try text(manifest)
        #expect(written.contains("\"non-commercial\""))
        #expect(written.contains("9223372036854775807"))
        #expect(written.contains("\"fast\" : true"))
        #expect(written.contains("NVIDIA A40"))
        #expect(!written.contains("acceptance"))
        #expect(try read(written) == manifest)
    }

    @Test func aNewerFormatIsRefusedByName() throws {
        for json in [try text(example).replacing("\"format\" : 1", with: "\"format\" : 2"), "{\"format\": 9}"] {
            let error = #expect(throws: EngineStoreError.self) { try read(json) }
            #expect(error?.code == .manifestUnsupported)
        }
    }

    @Test func aTruncatedManifestIsNeverRead() throws {
        let bytes = try example.json()
        for count in 0..<(bytes.count - 2) {
            let error = #expect(throws: EngineStoreError.self) {
                try EngineManifest(json: Array(bytes.prefix(count)), location: "m.json")
            }
            #expect(error?.code == .manifestMalformed)
        }
    }

    @Test(arguments: [
        ("\"bytes\" : 4", "\"bytes\" : 0", "plan.bytes"),
        ("\"bytes\" : 4", "\"bytes\" : -4", "plan.bytes"),
        ("\"bytes\" : 4", "\"bytes\" : 4.5", "number doesn't fit"),
        ("\"bytes\" : 4", "\"bytes\" : 1e400", ""),
        ("\"bytes\" : 4", "\"bytes\" : \"4\"", "plan.bytes"),
        ("\"bytes\" : 4,", "", "plan.bytes"),
        ("\"sm\" : 86", "\"sm\" : 0", "which GPU"),
        ("\"sm\" : 86", "\"sm\" : null", "which GPU"),
        ("\"opt\" : 8", "\"opt\" : 64", "1, 64, 32"),
        ("\"min\" : 1", "\"min\" : 0", "0, 8, 32"),
        ("\"max\" : 32", "\"max\" : 4611686018427387904", "1, 8, 4611686018427387904"),
        ("\"streams\" : 1", "\"streams\" : 0", "batch.streams"),
        ("\"embedding_width\" : 512", "\"embedding_width\" : 0", "embedding_width"),
        ("\"scale\" : 127.5", "\"scale\" : 0", "preprocessing"),
        ("\"scale\" : 127.5", "\"scale\" : 1e39", ""),
        ("\"precision\" : \"fp16\"", "\"precision\" : \"fp8\"", "precision"),
        ("\"name\" : \"arcface_r100\"", "\"name\" : \"../evil\"", "model's name"),
        ("\"version\" : \"10.8.0.43\"", "\"version\" : \"ten\"", "runtime.version"),
        ("2026-01-31T12:00:00Z", "2026-02-31T12:00:00Z", "created"),
    ])
    func nonsenseIsRefusedWithTheFieldsName(old: String, new: String, expected: String) throws {
        let original = try text(example)
        let json = original.replacing(old, with: new)
        #expect(json != original)
        let error = #expect(throws: EngineStoreError.self) { try read(json) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        #expect(error?.location == "m.json")
    }

    @Test(arguments: [
        "", "null", "[]", "1", "\"\"", "{}", "{\"format\": true}", String(repeating: "[", count: 100_000),
        String(repeating: "{\"a\":", count: 100_000), "\u{FEFF}{}", "{\"plan\": {\"plan\": 1}}",
    ])
    func hostileJSONIsAnError(json: String) {
        let error = #expect(throws: EngineStoreError.self) { try read(json) }
        #expect(error?.code == .manifestMalformed)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func aSignatureIsOverAllTheRest() throws {
        let bytes = try example.signedBytes()
        #expect(!String(decoding: bytes, as: UTF8.self).contains("signature"))
        var unsigned = example
        unsigned.signature = nil
        #expect(try unsigned.signedBytes() == bytes)

        let noted = try read(text(example).replacing("\"value\" :", with: "\"note\" : 1, \"value\" :"))
        #expect(try noted.signedBytes() == bytes)

        var other = example
        other.acceptance?.samples += 1
        #expect(try other.signedBytes() != bytes)
        let extended = try read(text(example).replacing("\"format\" : 1", with: "\"format\" : 1, \"license\" : \"x\""))
        #expect(try extended.signedBytes() != bytes)
        #expect(try read(text(extended)).signedBytes() == extended.signedBytes())
    }
}

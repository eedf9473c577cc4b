import Digests
import EngineStore
import Testing
import engine_store_probe

@Suite struct EngineMatchingTests {
    struct Row: Sendable {
        /// Nil where the engine must do.
        var expected: String?
        var manifest: @Sendable (inout EngineManifest) -> Void = { _ in }
        var key: @Sendable (inout EngineKey) throws -> Void = { _ in }
    }

    static let rows: [Row] = [
        Row(expected: nil),
        // The model.
        Row(
            expected: "built from another ONNX: \(Digest.of("other").short)…, this one is \(ExampleEngine.onnx.short)…",
            manifest: { $0.model.onnx = Digest.of("other") }),
        Row(expected: nil, manifest: { $0.model.prepared = Digest.of("old") }),
        Row(expected: nil, key: { $0.prepared = Digest.of("new") }),
        Row(
            expected: "built from another preparation of the model: \(Digest.of("old").short)…, now "
                + "\(Digest.of("new").short)…",
            manifest: { $0.model.prepared = Digest.of("old") }, key: { $0.prepared = Digest.of("new") }),
        Row(expected: "computes in fp32, fp16 wanted", manifest: { $0.precision = .fp32 }),
        // The runtime.
        Row(
            expected: "built for TensorRT-RTX, TensorRT wanted",
            manifest: { $0.runtime.name = .tensorrtRTX }, key: { $0.onnx = Digest.of("other") }),
        Row(
            expected: "built by TensorRT 10.3.0.26, this is 10.8.0.43",
            manifest: { $0.runtime.version = EngineVersion(major: 10, minor: 3, patch: 0, build: 26) }),
        Row(expected: nil, key: { $0.version = EngineVersion(major: 10, minor: 8, patch: 0) }),
        Row(
            expected: "built by TensorRT 10.8.0.43, this is 10.8.0.44",
            key: { $0.version = EngineVersion(major: 10, minor: 8, patch: 0, build: 44) }),
        Row(
            expected: nil, manifest: { $0.builder.versionCompatible = true },
            key: { $0.version = EngineVersion(major: 10, minor: 9, patch: 0) }),
        Row(
            expected: "built by TensorRT 10.8.0.43, this is 10.7.0", manifest: { $0.builder.versionCompatible = true },
            key: { $0.version = EngineVersion(major: 10, minor: 7, patch: 0) }),
        Row(
            expected: "built by TensorRT 10.8.0.43, this is 11.1.0", manifest: { $0.builder.versionCompatible = true },
            key: { $0.version = EngineVersion(major: 11, minor: 1, patch: 0) }),
        // The GPU.
        Row(expected: "for sm_86, this GPU is sm_90", key: { $0.gpu = 90 }),
        Row(expected: nil, key: { $0.gpu = nil }),
        Row(
            expected: nil, manifest: { $0.builder.hardwareCompatibility = .amperePlus }, key: { $0.gpu = 90 }),
        Row(
            expected: "for sm_86, this GPU is sm_75", manifest: { $0.builder.hardwareCompatibility = .amperePlus },
            key: { $0.gpu = 75 }),
        Row(
            expected: "for sm_86, this GPU is sm_90",
            manifest: { $0.builder.hardwareCompatibility = .sameComputeCapability }, key: { $0.gpu = 90 }),
        // The batch.
        Row(expected: nil, key: { $0.largestBatch = 8 }),
        Row(expected: "batch ≤ 32, 64 wanted", key: { $0.largestBatch = 64 }),
        Row(
            expected: "takes no batch of 1, 1 to 32 wanted",
            manifest: { $0.batch.profiles = [BatchProfile(min: 2, opt: 8, max: 32)] }),
        Row(
            expected: "takes no batch of 9, 1 to 32 wanted",
            manifest: {
                $0.batch.profiles = [BatchProfile(min: 16, opt: 32, max: 32), BatchProfile(min: 1, opt: 1, max: 8)]
            }),
        Row(
            expected: nil,
            manifest: {
                $0.batch.profiles = [BatchProfile(min: 9, opt: 32, max: 32), BatchProfile(min: 1, opt: 1, max: 8)]
            }),
        Row(expected: "profiles for 1 stream, 2 wanted", key: { $0.streams = 2 }),
        Row(expected: nil, manifest: { $0.batch.streams = 2 }),
        // What was built in.
        Row(
            expected: "preprocessing BGR, (x - 127.5) / 128.0 built in, RGB, (x - 127.5) / 127.5 wanted",
            manifest: { $0.preprocessing = EnginePreprocessing(color: .bgr, mean: 127.5, scale: 128) }),
        Row(expected: nil, key: { $0.calibration = Digest.of("faces") }),
        Row(
            expected: "calibrated on other faces: none recorded, now \(Digest.of("faces").short)…",
            manifest: { $0.precision = .int8 },
            key: {
                $0.name = try EngineName(model: "arcface_r100", precision: .int8, target: .tensorrt(sm: 86))
                $0.calibration = Digest.of("faces")
            }),
        Row(expected: nil, key: { $0.builder = EngineBuilderOptions() }),
        Row(
            expected: "optimization level 3, 5 wanted, workspace default MB, 1024 wanted",
            manifest: { $0.builder.optimizationLevel = 3 },
            key: { $0.builder = EngineBuilderOptions(workspaceMB: 1024, optimizationLevel: 5) }),
        Row(
            expected: "hardware compatibility none, ampere+ wanted, version compatible: no, the opposite wanted",
            key: {
                $0.builder = EngineBuilderOptions(hardwareCompatibility: .amperePlus, versionCompatible: true)
            }),
        // Several at once.
        Row(
            expected: "for sm_86, this GPU is sm_90; batch ≤ 32, 64 wanted",
            key: {
                $0.gpu = 90
                $0.largestBatch = 64
            }),
    ]

    @Test(arguments: rows.indices) func reasons(index: Int) throws {
        let row = Self.rows[index]
        let name = try ExampleEngine.name()
        var manifest = ExampleEngine.manifest(name, plan: [1])
        var key = ExampleEngine.key(name)
        row.manifest(&manifest)
        try row.key(&key)
        let mismatches = key.mismatches(with: manifest).map(\.description).joined(separator: "; ")
        #expect(mismatches == row.expected ?? "")
    }

    @Test func anRTXEngineRunsOnTheGPUsThatItWasBuiltFor() throws {
        let name = try EngineName(model: "m", precision: .fp16, target: .tensorrtRTX)
        var manifest = ExampleEngine.manifest(name, plan: [1])
        var key = ExampleEngine.key(name)
        manifest.builtOn.sm = nil
        key.gpu = 89
        #expect(key.mismatches(with: manifest).isEmpty)
        manifest.builder.computeCapabilities = [86, 120]
        #expect(key.mismatches(with: manifest).map(\.description) == ["for sm_86, sm_120, this GPU is sm_89"])
        key.gpu = 120
        #expect(key.mismatches(with: manifest).isEmpty)
        // Without a GPU here nobody can tell.
        key.gpu = nil
        #expect(key.mismatches(with: manifest).isEmpty)
    }

    @Test func theCUDAEnginesPlansAreTiedToTheirVersion() throws {
        let name = try EngineName(model: "m", precision: .fp16, target: .cuda(sm: 90))
        var manifest = ExampleEngine.manifest(name, plan: [1])
        manifest.builder.versionCompatible = true
        manifest.builder.hardwareCompatibility = .amperePlus
        var key = ExampleEngine.key(name)
        #expect(key.mismatches(with: manifest).isEmpty)
        key.version = EngineVersion(major: 10, minor: 9, patch: 0)
        key.gpu = 100
        #expect(key.mismatches(with: manifest).map(\.subject) == [.version, .gpu])
    }
}

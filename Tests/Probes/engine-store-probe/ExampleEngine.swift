package import Digests
package import EngineStore

/// An engine without a meaning: what the probe builds and the tests expect.
package enum ExampleEngine {
    /// `arcface_r100-fp16-sm86.plan`, or the same for another model.
    package static func name(model: String = "arcface_r100") throws(EngineStoreError) -> EngineName {
        try EngineName(model: model, precision: .fp16, target: .tensorrt(sm: 86))
    }

    /// What every example is built from.
    package static let onnx = Digest.of("the model")

    /// RGB, (x − 127.5) / 127.5.
    package static let preprocessing = EnginePreprocessing(color: .rgb, mean: 127.5, scale: 127.5)

    /// The key that finds an example.
    package static func key(_ name: EngineName) -> EngineKey {
        EngineKey(
            name: name, onnx: onnx, version: EngineVersion(major: 10, minor: 8, patch: 0, build: 43), largestBatch: 32,
            preprocessing: preprocessing)
    }

    /// The manifest of an example with these bytes.
    package static func manifest(_ name: EngineName, plan: [UInt8]) -> EngineManifest {
        EngineManifest(
            plan: plan.withUnsafeBytes { PlanFacts(of: $0) }, model: ModelFacts(name: name.model, onnx: onnx),
            precision: name.precision, batch: BatchFacts(profiles: [BatchProfile(min: 1, opt: 8, max: 32)]),
            runtime: RuntimeFacts(
                name: name.target.runtime, version: EngineVersion(major: 10, minor: 8, patch: 0, build: 43)),
            builtOn: MachineFacts(sm: name.target.sm, gpu: "NVIDIA A10", driver: "550.54.15"),
            preprocessing: preprocessing, embeddingWidth: 512, created: UTCTime(seconds: 1_769_860_800),
            toolVersion: "0.1.0")
    }

    /// Bytes that differ from place to place and from seed to seed.
    package static func plan(count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }
}

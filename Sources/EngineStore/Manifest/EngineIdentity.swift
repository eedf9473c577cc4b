package import Digests
internal import Foundation

/// Everything that makes one engine another than its namesake: model, precision, profiles, runtime and version, GPU,
/// preprocessing, calibration and builder. Engines of equal identity can stand in for each other; their bytes may differ.
struct EngineIdentity: Encodable {
    let onnx: Digest
    let prepared: Digest?
    let precision: EnginePrecision
    let batch: BatchFacts
    let runtime: RuntimeFacts
    let sm: Int?
    let preprocessing: EnginePreprocessing
    let calibration: Digest?
    let builder: EngineBuilderOptions
}

extension EngineManifest {
    /// The digest of the engine's identity: the same for every engine that was built from the same for the same.
    ///
    /// - Throws: `manifestMalformed` if a number isn't finite.
    package func identity() throws(EngineStoreError) -> Digest {
        let identity = EngineIdentity(
            onnx: model.onnx, prepared: model.prepared, precision: precision, batch: batch, runtime: runtime,
            sm: builtOn.sm, preprocessing: preprocessing, calibration: calibration, builder: builder)
        return try Self.digest(of: identity, name: model.name)
    }

    fileprivate static func digest(of value: some Encodable, name: String) throws(EngineStoreError) -> Digest {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Digest.of(Array(try encoder.encode(value)))
        } catch {
            throw malformed("a value can't be written as JSON", at: name)
        }
    }
}

extension EngineKey {
    private struct Wanted: Encodable {
        let name: String
        let onnx: Digest
        let prepared: Digest?
        let calibration: Digest?
        let version: EngineVersion
        let gpu: Int?
        let largestBatch: Int
        let streams: Int
        let preprocessing: EnginePreprocessing
        let builder: EngineBuilderOptions?
    }

    /// The digest of all that is wanted: the same on every machine that wants the same.
    ///
    /// - Throws: `manifestMalformed` if a number isn't finite.
    package func digest() throws(EngineStoreError) -> Digest {
        let wanted = Wanted(
            name: name.fileName, onnx: onnx, prepared: prepared, calibration: calibration, version: version, gpu: gpu,
            largestBatch: largestBatch, streams: streams, preprocessing: preprocessing, builder: builder)
        return try EngineManifest.digest(of: wanted, name: name.model)
    }
}

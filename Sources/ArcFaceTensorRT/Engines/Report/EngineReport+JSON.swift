import EngineStore
import Foundation

extension EngineReport {
    private struct Fields: Encodable {
        let path: String
        let bytes: Int
        let manifest: JSONValue?
        let library: String?
        let gpu: String?
        let tensors: [Tensor]?
        let profiles: [Profile]?
        let source: Source?
        let context_bytes: Int?
        let layer_count: Int?
        let layers: [Layer]?
        let runnable: Bool
        let obstacles: [String]
        let warnings: [String]
    }

    /// The report as one JSON object, keys sorted; `manifest` is the manifest's file.
    package var json: String {
        let fields = Fields(
            path: path, bytes: bytes, manifest: manifestJSON, library: library, gpu: gpu, tensors: tensors,
            profiles: profiles, source: source, context_bytes: contextBytes, layer_count: layerCount, layers: layers,
            runnable: isRunnable, obstacles: obstacles, warnings: warnings)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Only strings and finite numbers: encoding can't fail, and an empty object would show if it did.
        return (try? encoder.encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private var manifestJSON: JSONValue? {
        // A manifest that was read can be written.
        manifest.flatMap { try? $0.json() }.flatMap { try? JSONDecoder().decode(JSONValue.self, from: Data($0)) }
    }
}

import Digests
import EngineStore
import Foundation

extension EngineBuildJob {
    /// What came of a job.
    package struct Summary: Sendable {
        /// The engine's file.
        package let path: String
        /// Whether this job built it.
        package let isNew: Bool
        /// The file's size in bytes.
        package let bytes: Int
        /// How long the job took, waiting and preparation included.
        package let elapsed: Duration
        /// Why no stored engine would do; nil if one did.
        package internal(set) var reason: String?
        /// How long TensorRT worked; nil for a stored engine.
        package internal(set) var buildTime: Duration?
        /// Layers of the network before fusion; nil for a stored engine.
        package internal(set) var layerCount: Int?
        /// Nodes that stay in float32 in an engine of less precision; nil for a stored engine.
        package internal(set) var float32Nodes: Int?
        /// Where measurements are kept for the next build; nil for a stored engine.
        package internal(set) var timingCache: String?
        /// Whether measurements of an earlier build were taken.
        package internal(set) var usedTimingCache = false
        /// Why the comparison with the reference failed; the engine then goes by `path`, where nobody takes it for one.
        package internal(set) var rejection: String?
        let manifest: EngineManifest
        /// The engine; nil for one that was rejected.
        let engine: StoredEngine?
        /// Whether this job compared a stored engine that nobody had compared.
        private let isProven: Bool

        init(_ engine: StoredEngine, isNew: Bool, isProven: Bool = false, elapsed: Duration) {
            self.engine = engine
            self.isProven = isProven
            path = engine.planPath
            manifest = engine.manifest
            bytes = engine.manifest.plan.bytes
            self.isNew = isNew
            self.elapsed = elapsed
        }

        init(
            rejected path: String, _ manifest: EngineManifest, because reason: String, isNew: Bool = true,
            elapsed: Duration
        ) {
            engine = nil
            isProven = false
            self.path = path
            self.manifest = manifest
            bytes = manifest.plan.bytes
            self.isNew = isNew
            rejection = reason
            self.elapsed = elapsed
        }

        /// One sentence for people.
        package var sentence: String {
            if let rejection {
                return "rejected: the engine is kept as \(path), and the reason beside it as .txt: \(rejection)"
            }
            let what = "\(path): \(manifest.precision.rawValue), batches up to \(manifest.batch.largest)"
            let size = String(format: "%.1f MB", Double(bytes) / 1e6)
            let builder = "\(manifest.runtime.name.displayName) \(manifest.runtime.version)"
            guard isNew, let buildTime else {
                return "\(what), \(size); the stored engine of \(manifest.created) by \(builder) fits and is used"
                    + (isProven ? accepted : "")
            }
            let layers = layerCount.map { ", \($0) layers" } ?? ""
            return "\(what), \(size)\(layers), built in \(String(format: "%.1f", buildTime.inSeconds)) s by \(builder)"
                + accepted
        }

        /// What the comparison found, for people.
        private var accepted: String {
            guard let acceptance = manifest.acceptance else { return "; never accepted" }
            let figures = String(format: "cosine %.6f, L2 %.2g", acceptance.cosineMean, acceptance.l2Mean)
            return "; \(acceptance.verdict.rawValue) against \(acceptance.reference): \(figures)"
        }

        /// The summary as one JSON object, keys sorted.
        package var json: String {
            let fields = Fields(
                engine: path,
                manifest: rejection == nil ? EngineName.manifestFileName(of: path) : path + ".json", reused: !isNew,
                reason: reason,
                bytes: bytes, sha256: manifest.plan.sha256.hex, seconds: elapsed.inSeconds,
                build_seconds: buildTime?.inSeconds, layers: layerCount, float32_nodes: float32Nodes,
                model: manifest.model.name, precision: manifest.precision.rawValue,
                max_batch_size: manifest.batch.largest, profiles: manifest.batch.profiles,
                streams: manifest.batch.streams, runtime: manifest.runtime.name.rawValue,
                runtime_version: manifest.runtime.version.description, timing_cache: timingCache,
                timing_cache_used: usedTimingCache, tiles: manifest.builder.tiles?.rawValue,
                acceptance: manifest.acceptance, rejection: rejection)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            // Only strings and finite numbers: encoding can't fail, and an empty object would show if it did.
            return (try? encoder.encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        }

        private struct Fields: Encodable {
            let engine: String
            let manifest: String
            let reused: Bool
            let reason: String?
            let bytes: Int
            let sha256: String
            let seconds: Double
            let build_seconds: Double?
            let layers: Int?
            let float32_nodes: Int?
            let model: String
            let precision: String
            let max_batch_size: Int
            let profiles: [EngineStore.BatchProfile]
            let streams: Int
            let runtime: String
            let runtime_version: String
            let timing_cache: String?
            let timing_cache_used: Bool
            let tiles: String?
            let acceptance: EngineAcceptance?
            let rejection: String?
        }
    }
}

extension Duration {
    /// As a number.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

import Digests
import EngineStore
import Foundation

extension EngineReport {
    /// What a manifest says, as words.
    static func facts(_ manifest: EngineManifest) -> [Fact] {
        var facts = [
            Fact(name: "model", text: "\(manifest.model.name), ONNX \(manifest.model.onnx.short)…"),
            Fact(name: "precision", text: manifest.precision.rawValue),
            Fact(
                name: "embedding",
                text: "\(manifest.embeddingWidth) numbers a face, input \(manifest.preprocessing)"),
            Fact(name: "batches", text: batches(manifest.batch)),
            Fact(name: "runtime", text: "\(manifest.runtime.name.displayName) \(manifest.runtime.version)"),
            Fact(name: "built for", text: target(manifest)),
            Fact(name: "built", text: built(manifest)),
        ]
        if manifest.runtime.name != .cuda { facts.append(Fact(name: "builder", text: builder(manifest.builder))) }
        switch manifest.builder.tiles {
        case .measured: facts.append(Fact(name: "tiles", text: "measured on the GPU that built it"))
        case .table: facts.append(Fact(name: "tiles", text: "the program's table"))
        case nil: break
        }
        if let license = manifest.model.license {
            facts.append(Fact(name: "model licence", text: license))
        }
        if let calibration = manifest.calibration {
            facts.append(Fact(name: "calibration", text: "faces \(calibration.short)…"))
        }
        let acceptance = manifest.acceptance.map { result in
            String(
                format: "%@ against %@ on %d faces: cosine %.6f mean, %.6f lowest", result.verdict.rawValue,
                result.reference, result.samples, result.cosineMean, result.cosineMin)
        }
        facts.append(Fact(name: "acceptance", text: acceptance ?? "not compared with a reference yet"))
        if let signature = manifest.signature {
            facts.append(Fact(name: "signature", text: "\(signature.algorithm), key \(signature.publicKey)"))
        }
        return facts
    }

    private static func batches(_ batch: BatchFacts) -> String {
        let tuned = batch.profiles.map { "\($0.opt)" }.joined(separator: ", ")
        let streams = batch.streams == 1 ? "" : ", for \(batch.streams) streams at the same time"
        return "1 to \(batch.largest), tuned for \(tuned)\(streams)"
    }

    private static func target(_ manifest: EngineManifest) -> String {
        let builder = manifest.builder
        switch manifest.runtime.name {
        case .tensorrtRTX:
            let chosen = builder.computeCapabilities.map { "\($0 / 10).\($0 % 10)" }.joined(separator: ", ")
            return chosen.isEmpty
                ? "RTX GPUs from Ampere on, TensorRT-RTX's default" : "compute capability \(chosen)"
        case .tensorrt where builder.hardwareCompatibility == .amperePlus: return "every GPU from Ampere on"
        case .tensorrt, .cuda:
            guard let sm = manifest.builtOn.sm else { return "an unknown GPU" }
            let kind = builder.hardwareCompatibility == .sameComputeCapability ? "every GPU of " : ""
            return "\(kind)compute capability \(sm / 10).\(sm % 10)"
        }
    }

    private static func built(_ manifest: EngineManifest) -> String {
        let machine = [
            manifest.builtOn.gpu.map { "on \($0)" } ?? "without a GPU", manifest.builtOn.driver.map { "driver \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
        return "\(manifest.created) \(machine), by version \(manifest.toolVersion)"
    }

    private static func builder(_ options: EngineBuilderOptions) -> String {
        [
            options.workspaceMB.map { "workspace \($0) MiB" } ?? "workspace as TensorRT likes",
            options.optimizationLevel.map { "optimization level \($0)" },
            options.versionCompatible ? "runs on later versions too" : nil,
        ].compactMap { $0 }.joined(separator: ", ")
    }
}

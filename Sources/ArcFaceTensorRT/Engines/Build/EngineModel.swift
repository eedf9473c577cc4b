import Digests
import EngineStore
import ONNXModel

/// The graph that a builder is given, and what an engine's manifest says of it.
struct EngineModel {
    /// The prepared ONNX file's bytes, with the precision written into the graph.
    let graph: [UInt8]
    /// The SHA-256 of the file as the user has it.
    let onnx: Digest
    /// The SHA-256 of `graph`.
    let digest: Digest
    let preprocessing: EnginePreprocessing
    let embeddingWidth: Int
    /// The digest of the faces that int8 was calibrated on.
    let calibration: Digest?
    /// How many nodes stay in float32 in a graph of less precision.
    let float32Nodes: Int

    /// Prepares the job's model.
    ///
    /// - Throws: `ArcFaceError` if the model is missing, damaged, no face model, or can't have the precision; with the code
    ///   `cancelled` if the hooks say so.
    init(_ job: EngineBuildJob, hooks: PreparationHooks) throws(ArcFaceError) {
        let settings = job.configuration.tensorRT
        let preparation = ModelPreparation(
            options: ModelPreparation.Options(
                source: settings.onnxPath, output: "",
                // Our own compiler writes its precision itself.
                precision: job.runtime == .cuda ? .fp32 : settings.precision, target: .tensorrt,
                calibration: job.options.calibration),
            configuration: job.configuration, hooks: hooks)
        let (model, kept) = try preparation.convert()
        do throws(DigestError) {
            onnx = try Digest.of(file: settings.onnxPath)
        } catch {
            throw ArcFaceError(.modelMissing, error.description)
        }
        graph = model.serialized()
        digest = Digest.of(graph)
        preprocessing = model.preprocessing.stored
        embeddingWidth = model.embeddingWidth
        calibration = Self.calibration(of: model)
        float32Nodes = kept.count
        if !kept.isEmpty {
            hooks.message(
                "\(kept.count == 1 ? "1 node stays" : "\(kept.count) nodes stay") in float32; `model prepare` names them"
            )
        }
    }

    /// An int8 graph says on how many faces it was calibrated, and their digest.
    private static func calibration(of model: PreparedModel) -> Digest? {
        model.calibration?.split(separator: " ").lazy
            .compactMap { Digest(hex: String($0)) }.first
    }
}

extension Preprocessing {
    /// The same in the store's terms.
    var stored: EnginePreprocessing {
        EnginePreprocessing(color: color == .rgb ? .rgb : .bgr, mean: mean, scale: scale)
    }
}

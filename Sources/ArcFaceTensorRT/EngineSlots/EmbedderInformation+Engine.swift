import EngineStore
import ONNXModel

extension EmbedderInformation {
    /// What an engine is made of.
    ///
    /// - Parameters:
    ///   - engine: the engine.
    ///   - tools: the runtime.
    ///   - gpus: where it runs.
    ///   - model: the model that it was built from; nil tells what the manifest knows.
    init(_ engine: StoredEngine, with tools: any EngineTools, on gpus: GPUSet, model: PreparedModel?) {
        let manifest = engine.manifest
        self.init(
            backend: manifest.runtime.name.rawValue, runtimeVersion: tools.version.description,
            device: gpus.description, modelPath: engine.planPath, embeddingWidth: manifest.embeddingWidth,
            preprocessing: model?.preprocessingText ?? "\(manifest.preprocessing) (built in)",
            precision: Precision(rawValue: manifest.precision.rawValue) ?? .fp32,
            repairs: model?.notes.map(\.description) ?? [])
    }
}

package import Digests

/// What is known about an engine: the JSON file beside the plan, `{plan}.json`.
///
/// Fields that this version doesn't know are kept and written back. `json()` is the only way to the file's bytes.
package struct EngineManifest: Sendable, Equatable, Codable {
    /// The format that this version writes. A change that older versions would misread raises it.
    package static let currentFormat = 1

    /// The manifest's format.
    package var format = currentFormat
    /// The plan that this describes.
    package var plan: PlanFacts
    /// The model that the engine was built from.
    package var model: ModelFacts
    /// The number format that the engine computes in.
    package var precision: EnginePrecision
    /// The batch sizes that it takes.
    package var batch: BatchFacts
    /// What built it and can run it.
    package var runtime: RuntimeFacts
    /// Where it was built.
    package var builtOn: MachineFacts
    /// How pixels become the network's input.
    package var preprocessing: EnginePreprocessing
    /// How many numbers an embedding has.
    package var embeddingWidth: Int
    /// What the builder was told.
    package var builder: EngineBuilderOptions
    /// The digest of the faces that int8 was calibrated on.
    package var calibration: Digest?
    /// How the engine compared with its reference; nil if nobody asked.
    package var acceptance: EngineAcceptance?
    /// When the engine was built.
    package var created: UTCTime
    /// The version of this software that built it.
    package var toolVersion: String
    /// Who vouches for all of the above.
    package var signature: EngineSignature?

    /// Fields of the file that this version doesn't know.
    package internal(set) var unrecognised: JSONValue?

    package enum CodingKeys: String, CodingKey {
        case format, plan, model, precision, batch, runtime
        case builtOn = "built_on"
        case preprocessing
        case embeddingWidth = "embedding_width"
        case builder
        case calibration = "calibration_sha256"
        case acceptance, created
        case toolVersion = "tool_version"
        case signature
    }

    /// Describes an engine; see the fields.
    package init(
        plan: PlanFacts, model: ModelFacts, precision: EnginePrecision, batch: BatchFacts, runtime: RuntimeFacts,
        builtOn: MachineFacts = MachineFacts(), preprocessing: EnginePreprocessing, embeddingWidth: Int,
        builder: EngineBuilderOptions = EngineBuilderOptions(), calibration: Digest? = nil,
        acceptance: EngineAcceptance? = nil, created: UTCTime = .now, toolVersion: String,
        signature: EngineSignature? = nil
    ) {
        self.plan = plan
        self.model = model
        self.precision = precision
        self.batch = batch
        self.runtime = runtime
        self.builtOn = builtOn
        self.preprocessing = preprocessing
        self.embeddingWidth = embeddingWidth
        self.builder = builder
        self.calibration = calibration
        self.acceptance = acceptance
        self.created = created
        self.toolVersion = toolVersion
        self.signature = signature
    }

    /// The file name that this engine goes by.
    ///
    /// - Throws: `invalidName` if the model's name can't be part of one; `manifestMalformed` if the runtime's plans are
    ///   tied to a GPU and the manifest names none.
    package func name() throws(EngineStoreError) -> EngineName {
        guard let target = EngineTarget(runtime: runtime.name, sm: builtOn.sm) else {
            throw EngineStoreError(
                .manifestMalformed, "the manifest doesn't say which GPU the engine is for", at: model.name,
                mend: "build the engine again")
        }
        return try EngineName(model: model.name, precision: precision, target: target)
    }
}

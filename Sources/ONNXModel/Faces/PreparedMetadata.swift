/// What a prepared model says about itself in its metadata.
struct PreparedMetadata {
    /// Raised when prepared graphs change in a way that readers must know.
    static let version = "1"
    /// The entry that names the precision.
    static let precisionKey = "arcface.precision"

    var preprocessing: Preprocessing
    var source: PreparedModel.PreprocessingSource
    var target: PreparationTarget
    var precision = ModelPrecision.fp32

    /// Writes the entries.
    func record(in model: inout Model) {
        model[metadata: "arcface.prepared"] = Self.version
        model[metadata: "arcface.color"] = preprocessing.color.rawValue
        model[metadata: "arcface.mean"] = "\(preprocessing.mean)"
        model[metadata: "arcface.scale"] = "\(preprocessing.scale)"
        model[metadata: "arcface.preprocessing_source"] = source.rawValue
        model[metadata: "arcface.target"] = target.rawValue
        model[metadata: Self.precisionKey] = precision.rawValue
    }

    /// The entries of a prepared model, or nil if it isn't one.
    ///
    /// - Throws: `notFaceModel` if it claims to be one of another version or with entries that can't be read.
    init?(_ model: Model) throws(ONNXModelError) {
        guard let version = model[metadata: "arcface.prepared"] else { return nil }
        guard version == Self.version,
            let color = model[metadata: "arcface.color"].flatMap({ Preprocessing.ColorOrder(rawValue: $0) }),
            let mean = model[metadata: "arcface.mean"].flatMap({ Float($0) }), mean.isFinite,
            let scale = model[metadata: "arcface.scale"].flatMap({ Float($0) }), scale.isFinite, scale != 0,
            let source = model[metadata: "arcface.preprocessing_source"]
                .flatMap({ PreparedModel.PreprocessingSource(rawValue: $0) }),
            let target = model[metadata: "arcface.target"].flatMap({ PreparationTarget(rawValue: $0) }),
            let precision = ModelPrecision(rawValue: model[metadata: Self.precisionKey] ?? "fp32")
        else {
            throw ONNXModelError(
                .notFaceModel, "the model says it is prepared (version \(version)), but not how",
                at: "metadata arcface.*", mend: "prepare the original model again with this version")
        }
        self.init(
            preprocessing: Preprocessing(color: color, mean: mean, scale: scale), source: source, target: target)
        self.precision = precision
    }

    init(preprocessing: Preprocessing, source: PreparedModel.PreprocessingSource, target: PreparationTarget) {
        self.preprocessing = preprocessing
        self.source = source
        self.target = target
    }
}

/// What a prepared model says about itself in its metadata.
struct PreparedMetadata {
    /// Raised when prepared graphs change in a way that readers must know.
    static let version = "1"

    var preprocessing: Preprocessing
    var source: PreparedModel.PreprocessingSource
    var target: PreparationTarget

    /// Writes the entries.
    func record(in model: inout Model) {
        model[metadata: "arcface.prepared"] = Self.version
        model[metadata: "arcface.color"] = preprocessing.color.rawValue
        model[metadata: "arcface.mean"] = "\(preprocessing.mean)"
        model[metadata: "arcface.scale"] = "\(preprocessing.scale)"
        model[metadata: "arcface.preprocessing_source"] = source.rawValue
        model[metadata: "arcface.target"] = target.rawValue
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
            let target = model[metadata: "arcface.target"].flatMap({ PreparationTarget(rawValue: $0) })
        else {
            throw ONNXModelError(
                .notFaceModel, "the model says it is prepared (version \(version)), but not how",
                at: "metadata arcface.*", mend: "prepare the original model again with this version")
        }
        self.init(
            preprocessing: Preprocessing(color: color, mean: mean, scale: scale), source: source, target: target)
    }

    init(preprocessing: Preprocessing, source: PreparedModel.PreprocessingSource, target: PreparationTarget) {
        self.preprocessing = preprocessing
        self.source = source
        self.target = target
    }
}

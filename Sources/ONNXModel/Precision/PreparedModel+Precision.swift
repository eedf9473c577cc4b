extension PreparedModel {
    /// The model in another precision; the same if it has that precision already.
    ///
    /// - Parameters:
    ///   - precision: `fp32` or `fp16`; `int8` needs ranges of its own and is made elsewhere.
    ///   - ranges: see `half(ranges:)`.
    /// - Returns: the model in that precision.
    /// - Throws: `precisionConflict` where the precision can't be reached from this model's.
    package func converted(
        to precision: ModelPrecision, ranges: ActivationRanges? = nil
    ) throws(ONNXModelError) -> PreparedModel {
        try requireConvertible(to: precision)
        switch (self.precision, precision) {
        case (.fp32, .fp16): return try half(ranges: ranges).model
        case (.fp32, .int8):
            throw ONNXModelError(
                .precisionConflict, "int8 needs ranges that are measured on faces",
                mend: "write the file first: model prepare FILE -o OUT --precision int8 --calibration-faces PATH")
        default: return self
        }
    }

    /// Checks that a precision can be reached from this model's: from `fp32` each, from others themselves alone.
    ///
    /// - Throws: `precisionConflict`.
    package func requireConvertible(to precision: ModelPrecision) throws(ONNXModelError) {
        guard self.precision == .fp32 || self.precision == precision else {
            throw ONNXModelError(
                .precisionConflict,
                "the model was prepared in \(self.precision.rawValue), of which \(precision.rawValue) can't be made",
                mend: "prepare the original model, or ask for \(self.precision.rawValue)")
        }
    }

    /// The same model with another graph, whose precision its metadata tells.
    package func replacing(_ model: Model, precision: ModelPrecision, notes: [PassNote]) -> PreparedModel {
        var model = model
        model[metadata: PreparedMetadata.precisionKey] = precision.rawValue
        return PreparedModel(
            model: model, preprocessing: preprocessing, preprocessingSource: preprocessingSource,
            embeddingWidth: embeddingWidth, precision: precision, notes: self.notes + notes)
    }

    /// The graph with all real values inside as outputs beside the embedding, to be looked at on faces.
    ///
    /// - Returns: the model, and the names of these values in the order of the graph.
    package func exposingValues() -> (model: Model, names: [String]) {
        var exposed = model
        let types = ValueTypes(model.graph)
        let known = Set(model.graph.outputs.map(\.name))
        let names = model.graph.nodes.flatMap(\.outputs).filter { types[$0] == .float && !known.contains($0) }
        exposed.graph.outputs += names.map { ValueInfo($0, .float, nil) }
        return (exposed, names)
    }
}

/// Turns any ONNX of the ArcFace family into the one graph that runtimes take.
package enum FaceModel {
    /// Name of the prepared graph's input: uint8 `[N,112,112,3]`, BGR.
    package static let inputName = "faces"
    /// Name of the prepared graph's output: float32 `[N,D]`.
    package static let outputName = "embedding"
    /// Height and width of an aligned face.
    package static let side = 112
    /// Older operator sets have other broadcasting rules.
    static let minimumOpset: Int64 = 7

    /// Prepares the model at `path`. A model that is prepared already comes back as it is.
    ///
    /// - Parameters:
    ///   - path: the ONNX file.
    ///   - preprocessing: what the network was trained with; nil takes it from the graph, or ArcFace's usual one.
    ///     A graph that normalises must agree in mean and scale; the channel order is the caller's word alone.
    ///   - target: for whom.
    /// - Returns: the prepared model and how it came about.
    /// - Throws: what is wrong with the file or the graph, `notFaceModel`, `preprocessingConflict`.
    package static func prepare(
        path: String, preprocessing: Preprocessing?, target: PreparationTarget
    ) throws(ONNXModelError) -> PreparedModel {
        let model = try Model.read(path: path)
        do throws(ONNXModelError) {
            return try prepare(model, preprocessing: preprocessing, target: target)
        } catch {
            throw error.inFile(path)
        }
    }

    /// Prepares a model in memory; otherwise as `prepare(path:preprocessing:target:)`.
    package static func prepare(
        bytes: [UInt8], preprocessing: Preprocessing?, target: PreparationTarget
    ) throws(ONNXModelError) -> PreparedModel {
        try prepare(try Model.read(bytes: bytes), preprocessing: preprocessing, target: target)
    }

    /// Prepares a model that was read or made; otherwise as `prepare(path:preprocessing:target:)`.
    package static func prepare(
        _ source: Model, preprocessing: Preprocessing?, target: PreparationTarget
    ) throws(ONNXModelError) -> PreparedModel {
        if let preprocessing { try check(preprocessing) }
        if let metadata = try PreparedMetadata(source) {
            return try prepareAgain(source, metadata, preprocessing: preprocessing, target: target)
        }
        var model = source
        try model.requireOpset(minimumOpset)
        try model.graph.validate()
        var notes = try GraphPass.repairs.run(&model)
        notes += try installOutput(&model)
        let image = try imageInput(model.graph)
        let normalization = Normalization(model.graph, GraphIndex(model.graph), input: image)
        let (chosen, origin) = try choose(preprocessing, normalization)

        model.graph.removeNodes(normalization.nodes)
        let moved = model.graph.vacate(inputName)
        let imageName = normalization.output == inputName ? moved : normalization.output
        let head = FaceHead(
            input: inputName, size: (.value(Int64(side)), .value(Int64(side))), mean: chosen.mean,
            scale: chosen.scale, swapsChannels: chosen.color == .rgb)
        notes += try head.install(&model.graph, image: imageName, layout: normalization.layout)
            .map { PassNote("head", $0) }
        if normalization.isPerChannel {
            notes.append(PassNote("head", "the graph normalises each channel differently; that stays in the graph"))
        }
        notes += try ([GraphPass.unusedInitializers] + target.passes).run(&model)
        PreparedMetadata(preprocessing: chosen, source: origin, target: target).record(in: &model)
        try model.graph.validate()
        return PreparedModel(
            model: model, preprocessing: chosen, preprocessingSource: origin,
            embeddingWidth: try preparedWidth(model.graph), precision: .fp32, notes: notes)
    }
}

extension Model {
    /// - Throws: `unsupportedOpset` if the graph's operators are older than `minimum` or of no known version.
    func requireOpset(_ minimum: Int64) throws(ONNXModelError) {
        guard let opset, opset >= minimum else {
            let found = opset.map { "opset \($0)" } ?? "no opset"
            throw ONNXModelError(
                .unsupportedOpset, "the model has \(found); \(minimum) or newer is needed",
                mend: "export the model again with a newer opset")
        }
    }
}

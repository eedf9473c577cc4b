extension FaceModel {
    /// The image input, of the size that faces have.
    ///
    /// - Throws: `notFaceModel` with what was found.
    static func imageInput(_ graph: Graph) throws(ONNXModelError) -> ImageInput {
        switch ImageInput.find(in: graph) {
        case .failure(let mismatch): throw notFace(mismatch.what)
        case .success(let input):
            // A size left open may be any: the first run would tell, and the layers behind it usually allow one alone.
            guard input.height ?? side == side, input.width ?? side == side else {
                throw notFace("faces of 112×112 were expected, found \(graph.inputs[0].text)")
            }
            return input
        }
    }

    /// Makes the embedding the only output, under its name and of shape `[N,D]`.
    static func installOutput(_ model: inout Model) throws(ONNXModelError) -> [PassNote] {
        let output = try EmbeddingOutput.find(in: model.graph)
        var notes: [PassNote] = []
        let others = model.graph.outputs.count - 1
        model.graph.outputs.removeAll { $0.name != output.name }
        if others > 0 {
            notes.append(PassNote("embedding", "'\(output.name)' taken, \(counted(others, "other output")) dropped"))
            notes += try [GraphPass.deadNodes, .unusedInitializers].run(&model)
        }
        if output.isSpatial {
            let moved = model.graph.vacate(outputName)
            let name = output.name == outputName ? moved : output.name
            model.graph.nodes.append(Node("Flatten", [name], [outputName], [Attribute("axis", .int(1))]))
            notes.append(PassNote("embedding", "[N,D,1,1] flattened to [N,D]"))
        } else if output.name != outputName {
            _ = model.graph.vacate(outputName)
            model.graph.rename(output.name, to: outputName)
        }
        model.graph.outputs = [
            ValueInfo(outputName, .float, [.named(GraphPass.batchName), .value(Int64(output.width))])
        ]
        return notes
    }

    /// The embedding's width in a prepared graph.
    ///
    /// - Throws: `notFaceModel` if the graph doesn't keep the contract of prepared graphs.
    static func preparedWidth(_ graph: Graph) throws(ONNXModelError) -> Int {
        guard graph.inputs.count == 1, graph.inputs[0].name == inputName,
            let input = graph.inputs[0].tensor, input.element == .uint8,
            input.shape?.dropFirst().map(\.value) == [side, side, 3],
            graph.outputs.count == 1, graph.outputs[0].name == outputName,
            let output = graph.outputs[0].tensor, output.element == .float, let shape = output.shape, shape.count == 2,
            let width = shape[1].value, width > 0, graph.nodes.first?.isOperator("Cast") ?? false
        else {
            throw notFace("the model says it is prepared, but its graph is not")
        }
        return width
    }

    /// Takes a prepared model as it is, with what its target still lacks.
    static func prepareAgain(
        _ source: Model, _ metadata: PreparedMetadata, preprocessing: Preprocessing?, target: PreparationTarget
    ) throws(ONNXModelError) -> PreparedModel {
        var model = source
        try model.graph.validate()
        let width = try preparedWidth(model.graph)
        if let preprocessing, preprocessing != metadata.preprocessing {
            throw conflict(given: "\(preprocessing)", found: "\(metadata.preprocessing)")
        }
        var metadata = metadata
        var notes = try target.passes.run(&model)
        if !notes.isEmpty {
            metadata.target = target
            metadata.record(in: &model)
        } else if target.passes.isEmpty, !metadata.target.passes.isEmpty {
            notes.append(PassNote("target", "the model stays as it was prepared, for \(metadata.target.rawValue)"))
        }
        return PreparedModel(
            model: model, preprocessing: metadata.preprocessing, preprocessingSource: metadata.source,
            embeddingWidth: width, precision: metadata.precision, notes: notes)
    }

    static func notFace(_ what: String) -> ONNXModelError {
        ONNXModelError(.notFaceModel, what, mend: "give a face recognition model for 112×112 faces")
    }
}

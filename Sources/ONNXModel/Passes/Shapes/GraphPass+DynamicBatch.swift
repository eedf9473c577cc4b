extension GraphPass {
    /// The name of the batch dimension in graphs that this pass has opened.
    static let batchName = "N"

    /// Lets a graph that was exported for a fixed batch take any: in the declared shapes and in constants of `Reshape`.
    ///
    /// Applies where the image is the only input and every declared output starts with the same fixed size.
    package static let dynamicBatch = GraphPass(
        "dynamic batch", reason: "the graph takes one batch size only"
    ) { model throws(ONNXModelError) in
        guard model.graph.inputs.count == 1, case .tensor(var type) = model.graph.inputs[0].kind,
            var shape = type.shape, shape.count >= 2, let batch = shape[0].value
        else { return [] }
        shape[0].size = .named(batchName)
        type.shape = shape
        model.graph.inputs[0].kind = .tensor(type)
        for position in model.graph.outputs.indices {
            guard case .tensor(var type) = model.graph.outputs[position].kind, var shape = type.shape,
                shape.first?.value == batch
            else { continue }
            shape[0].size = .named(batchName)
            type.shape = shape
            model.graph.outputs[position].kind = .tensor(type)
        }
        let reshapes = try model.graph.openReshapes { target, _ in target[0] == Int64(batch) }
        return ["batch of \(batch) made any" + (reshapes == 0 ? "" : ", \(counted(reshapes, "Reshape")) with it")]
    }

    /// Opens targets of `Reshape` in which an exporter left the batch of its example, though the declared batch is free.
    package static let batchInReshapes = GraphPass(
        "batch in reshapes", reason: "the declared batch is free, but a constant inside fits one size only"
    ) { model throws(ONNXModelError) in
        let reshapes = try model.graph.openReshapes { target, data in
            guard let data, data.first == .batch, target[0] > 0 else { return false }
            // `[1, −1]` would lay all faces out as one.
            if target.dropFirst().contains(-1) { return target[0] == 1 }
            let sizes = target.enumerated().dropFirst().map { place, size in
                size == 0 && place < data.count ? data[place] : Extent.number(size)
            }
            let rest = ShapeInference.product(data.dropFirst())
            return rest.value != nil && ShapeInference.product(sizes) == rest
        }
        return reshapes == 0 ? [] : ["\(counted(reshapes, "Reshape")) made to take any batch"]
    }
}

extension Graph {
    /// Replaces a leading batch in the target shapes of `Reshape` by "as the input has it".
    ///
    /// - Parameter isBatch: whether the target's first size is the batch, from the target and the data's shape.
    /// - Returns: the number of nodes changed.
    /// - Throws: `invalidTensor` for a damaged target.
    fileprivate mutating func openReshapes(
        where isBatch: ([Int64], [Extent]?) -> Bool
    ) throws(ONNXModelError) -> Int {
        let index = GraphIndex(self)
        let inference = ShapeInference(self)
        var opened: [String: String] = [:]
        var changed = 0
        for (position, node) in nodes.enumerated() where node.isOperator("Reshape") {
            guard let target = constant(node, 1, index), target.type == .int64, constant(node, 0, index) == nil else {
                continue
            }
            var sizes = try target.int64s()
            let data = inference.shape(node, 0)
            // Data that has no batch in front keeps its sizes.
            guard sizes.count > 1, data?.first?.value == nil, isBatch(sizes, data) else { continue }
            if node.int("allowzero") == 1 {
                guard !sizes.dropFirst().contains(-1) else { continue }
                sizes[0] = -1
            } else {
                sizes[0] = 0
            }
            // Exporters share one constant between many nodes; so do we.
            let key = "\(target.name) \(sizes[0])"
            let name = opened[key] ?? freshName("\(target.name)_any_batch")
            if opened[key] == nil {
                opened[key] = name
                initializers.append(Tensor(name: name, dims: [sizes.count], int64s: sizes))
            }
            nodes[position].inputs[1] = name
            changed += 1
        }
        return changed
    }
}

extension GraphPass {
    /// Writes a `Reshape` that lays each face out as one row as `Flatten`, and gives others a constant target shape.
    ///
    /// Exporters compute the target from the image's own shape (`x.view(x.size(0), -1)`); what is known of the shapes says
    /// the same with constants.
    package static let flattenReshapes = GraphPass(
        "reshapes", reason: "a target shape that is computed keeps runtimes from planning"
    ) { model throws(ONNXModelError) in
        let inference = ShapeInference(model.graph)
        let index = GraphIndex(model.graph)
        var (flattened, fixed) = (0, 0)
        for position in model.graph.nodes.indices where model.graph.nodes[position].isOperator("Reshape") {
            let node = model.graph.nodes[position]
            guard node.inputs.count == 2, index.initializer[node.inputs[0]] == nil,
                let target = inference.numbers(node, 1)
            else { continue }
            let data = inference.shape(node, 0)
            let keepsZeros = node.int("allowzero") == 1
            if isRowPerFace(target, data, keepsZeros: keepsZeros) {
                model.graph.nodes[position].op = "Flatten"
                model.graph.nodes[position].inputs = [node.inputs[0]]
                model.graph.nodes[position].attributes = [Attribute("axis", .int(1))]
                flattened += 1
            } else if index.initializer[node.inputs[1]] == nil,
                let sizes = constantTarget(target, data, keepsZeros: keepsZeros)
            {
                let name = model.graph.freshName("\(node.outputs[0])_target")
                model.graph.initializers.append(Tensor(name: name, dims: [sizes.count], int64s: sizes))
                model.graph.nodes[position].inputs[1] = name
                fixed += 1
            }
        }
        var notes: [String] = []
        if flattened > 0 { notes.append("\(counted(flattened, "Reshape")) written as Flatten") }
        if fixed > 0 { notes.append("\(counted(fixed, "Reshape")) given a constant target") }
        if flattened + fixed > 0 { _ = try [GraphPass.deadNodes, .unusedInitializers].run(&model) }
        return notes
    }

    /// Whether the target is `[faces, everything else]`.
    private static func isRowPerFace(_ target: [Extent], _ data: [Extent]?, keepsZeros: Bool) -> Bool {
        guard target.count == 2 else { return false }
        if target == [.fixed(0), .fixed(-1)], !keepsZeros { return true }
        guard let data, data.first == .batch else { return false }
        let rest = ShapeInference.product(data.dropFirst())
        let isBatch = target[0] == .batch || target[0] == .fixed(0) && !keepsZeros
        if isBatch { return target[1] == .fixed(-1) || target[1].value != nil && target[1] == rest }
        return target[0] == .fixed(-1) && target[1].value != nil && target[1] == rest
    }

    /// The target with the batch as "as the input has it" or "what is left over"; nil if it can't be said.
    private static func constantTarget(_ target: [Extent], _ data: [Extent]?, keepsZeros: Bool) -> [Int64]? {
        var sizes: [Int64] = []
        for (place, size) in target.enumerated() {
            if let value = size.value {
                guard value.magnitude < Extent.limit else { return nil }
                sizes.append(Int64(value))
            } else if size == .batch, !keepsZeros, let data, place < data.count, data[place] == .batch {
                sizes.append(0)
            } else {
                sizes.append(-1)
            }
        }
        return sizes.filter { $0 == -1 }.count <= 1 ? sizes : nil
    }
}

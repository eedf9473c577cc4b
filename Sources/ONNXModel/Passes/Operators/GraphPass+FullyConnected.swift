extension GraphPass {
    /// Writes fully connected layers in one form: `Gemm` with an optional bias `[D]`, factors 1, the image not transposed.
    ///
    /// Covers `MatMul`, `MatMul` + `Add`, and `Gemm` with `alpha`, `beta` or a bias of another shape.
    package static let fullyConnected = GraphPass(
        "fully connected layers", reason: "precision is set a layer at a time: a layer must be one node"
    ) { model throws(ONNXModelError) in
        let notes = [try model.graph.plainGemms(), model.graph.joinedProducts()]
        return notes.compactMap { $0 }
    }
}

extension Graph {
    /// Multiplies `alpha` and `beta` into the constants and gives the bias the shape `[D]`.
    fileprivate mutating func plainGemms() throws(ONNXModelError) -> String? {
        let index = GraphIndex(self)
        var changed = 0
        for position in nodes.indices where nodes[position].isOperator("Gemm") {
            let node = nodes[position]
            let (alpha, beta) = (node.float("alpha") ?? 1, node.float("beta") ?? 1)
            let hasBias = node.inputs.count > 2 && !node.inputs[2].isEmpty
            guard let weights = constant(node, 1, index), weights.type == .float, weights.dims.count == 2 else {
                continue
            }
            let width = weights.dims[node.int("transB") == 1 ? 0 : 1]
            var bias: Tensor?
            if hasBias {
                guard let tensor = constant(node, 2, index), tensor.type == .float, tensor.count > 0 else { continue }
                if tensor.count == 1, width != 1 {
                    bias = Tensor(
                        name: tensor.name, dims: [width],
                        floats: Array(repeating: try tensor.floats()[0], count: width))
                } else {
                    // A row for each face can't be: the batch is free.
                    guard tensor.count == width, tensor.dims.last == width || width == 1 else { continue }
                    bias = tensor.reshaped([width], name: tensor.name)
                }
            }
            let shapeChanges = hasBias && constant(node, 2, index)?.dims != bias?.dims
            guard alpha != 1 || beta != 1 && hasBias || shapeChanges else { continue }
            if alpha != 1 {
                let name = freshName("\(weights.name)_scaled")
                let scaled = try weights.floats().map { $0 * alpha }
                initializers.append(Tensor(name: name, dims: weights.dims, floats: scaled))
                nodes[position].inputs[1] = name
            }
            if let tensor = bias {
                let name = freshName("\(tensor.name)_row")
                let scaled =
                    beta == 1
                    ? tensor : Tensor(name: "", dims: tensor.dims, floats: try tensor.floats().map { $0 * beta })
                initializers.append(scaled.reshaped(tensor.dims, name: name))
                nodes[position].inputs[2] = name
            }
            nodes[position].attributes.removeAll { $0.name == "alpha" || $0.name == "beta" }
            changed += 1
        }
        return changed == 0 ? nil : "factors and bias of \(counted(changed, "Gemm")) made plain"
    }

    /// `MatMul` of rows of faces with constant weights becomes `Gemm`, with the `Add` behind it.
    fileprivate mutating func joinedProducts() -> String? {
        let index = GraphIndex(self)
        let inference = ShapeInference(self)
        var removed = Set<Int>()
        var changed = 0
        for position in nodes.indices where nodes[position].isOperator("MatMul") {
            let node = nodes[position]
            guard node.inputs.count == 2, node.outputs.count == 1, let weights = constant(node, 1, index),
                weights.dims.count == 2, weights.type == .float, inference.shape(node, 0)?.count == 2
            else { continue }
            nodes[position].op = "Gemm"
            changed += 1
            guard let next = index.soleConsumer(of: node.outputs[0]), nodes[next].isOperator("Add"),
                nodes[next].inputs.count == 2
            else { continue }
            let place = nodes[next].inputs[0] == node.outputs[0] ? 1 : 0
            guard let bias = constant(nodes[next], place, index), bias.type == .float, bias.dims.count <= 2,
                bias.count == weights.dims[1], bias.dims.last == weights.dims[1]
            else { continue }
            let name = bias.dims.count == 1 ? bias.name : freshName("\(bias.name)_row")
            if bias.dims.count > 1 { initializers.append(bias.reshaped([bias.count], name: name)) }
            nodes[position].inputs.append(name)
            nodes[position].outputs = nodes[next].outputs
            removed.insert(next)
        }
        removeNodes(removed)
        return changed == 0 ? nil : "\(counted(changed, "MatMul")) written as Gemm"
    }
}

extension GraphPass {
    /// Applies `Reshape`, `Flatten`, `Squeeze`, `Unsqueeze` and `Identity` to constants; the elements stay where they are.
    package static let foldConstantShapes = GraphPass("fold constant shapes") { model throws(ONNXModelError) in
        let outputs = Set(model.graph.outputs.map(\.name))
        var constants = GraphIndex(model.graph).initializer
        var removed = Set<Int>()
        for (position, node) in model.graph.nodes.enumerated() {
            guard let output = node.outputs.first, node.outputs.count == 1, !outputs.contains(output),
                let data = node.inputs.first, let slot = constants[data]
            else { continue }
            let tensor = model.graph.initializers[slot]
            var second: [Int64]?
            if node.inputs.count > 1 {
                guard let slot = constants[node.inputs[1]] else { continue }
                let argument = model.graph.initializers[slot]
                guard argument.type == .int64 else { continue }
                second = try argument.int64s()
            }
            guard let dims = node.constantShape(tensor.dims, argument: second),
                ShapeArithmetic.count(dims) == tensor.count
            else { continue }
            constants[output] = model.graph.initializers.count
            model.graph.initializers.append(tensor.reshaped(dims, name: output))
            removed.insert(position)
        }
        guard !removed.isEmpty else { return [] }
        model.graph.removeNodes(removed)
        return ["\(counted(removed.count, "node")) folded into constants"]
    }
}

extension Node {
    /// The shape that the node gives a constant of shape `dims`, or nil if it does something else.
    fileprivate func constantShape(_ dims: [Int], argument: [Int64]?) -> [Int]? {
        guard domain.isEmpty || domain == "ai.onnx" else { return nil }
        switch op {
        case "Identity": return dims
        case "Reshape":
            return argument.flatMap { ShapeArithmetic.reshape(dims, to: $0, zeroMeansZero: int("allowzero") == 1) }
        case "Flatten":
            return ShapeArithmetic.flatten(dims, axis: Int(int("axis") ?? 1))
        case "Squeeze": return ShapeArithmetic.squeeze(dims, axes: argument ?? ints("axes"))
        case "Unsqueeze": return (argument ?? ints("axes")).flatMap { ShapeArithmetic.unsqueeze(dims, axes: $0) }
        default: return nil
        }
    }
}

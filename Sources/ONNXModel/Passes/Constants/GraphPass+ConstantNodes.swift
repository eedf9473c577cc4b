extension GraphPass {
    /// Turns `Constant` nodes into initialisers, so that every later pass finds constants in one place.
    package static let constantNodes = GraphPass(
        "constant nodes", reason: "weights in nodes are overlooked by whoever looks for constants"
    ) { model throws(ONNXModelError) in
        let outputs = Set(model.graph.outputs.map(\.name))
        var removed = Set<Int>()
        for (position, node) in model.graph.nodes.enumerated() {
            guard node.isOperator("Constant"), let output = node.outputs.first, !outputs.contains(output),
                let tensor = node.constantValue
            else { continue }
            model.graph.initializers.append(tensor.reshaped(tensor.dims, name: output))
            removed.insert(position)
        }
        guard !removed.isEmpty else { return [] }
        model.graph.removeNodes(removed)
        model.irVersion = max(model.irVersion, 4)
        return ["\(counted(removed.count, "Constant node")) made initialisers"]
    }
}

extension Node {
    /// The tensor that a `Constant` node gives; nil for text and sparse constants.
    fileprivate var constantValue: Tensor? {
        for attribute in attributes {
            switch (attribute.name, attribute.value) {
            case ("value", .tensor(let tensor)): return tensor
            case ("value_float", .float(let value)): return Tensor(name: "", dims: [], floats: [value])
            case ("value_int", .int(let value)): return Tensor(name: "", dims: [], int64s: [value])
            case ("value_floats", .floats(let values)): return Tensor(name: "", dims: [values.count], floats: values)
            case ("value_ints", .ints(let values)): return Tensor(name: "", dims: [values.count], int64s: values)
            default: continue
            }
        }
        return nil
    }
}

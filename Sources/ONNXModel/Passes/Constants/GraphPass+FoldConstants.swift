extension GraphPass {
    /// Computes what follows from constants and from fixed dimensions: transposed weights, decomposed scales, target shapes.
    ///
    /// Elements that only get another shape stay where they are.
    package static let foldConstants = GraphPass(
        "fold constants", reason: "runtimes compute them anew, and some take only constants there"
    ) { model throws(ONNXModelError) in
        let outputs = Set(model.graph.outputs.map(\.name))
        let inference = ShapeInference(model.graph)
        var constants = GraphIndex(model.graph).initializer
        var evaluation = ConstantEvaluation(model.graph)
        var shapes = Set<String>()
        var removed = Set<Int>()
        for (position, node) in model.graph.nodes.enumerated() {
            guard let output = node.outputs.first, node.outputs.count == 1, !outputs.contains(output) else { continue }
            if node.isOperator("Shape") { shapes.insert(output) }
            let result: Tensor?
            if let known = inference.shapePart(node, shapes) {
                result = Tensor(name: output, dims: known.isScalar ? [] : [known.values.count], int64s: known.values)
            } else {
                let arguments = node.inputs.map { name in constants[name].map { model.graph.initializers[$0] } }
                guard zip(node.inputs, arguments).allSatisfy({ $0.isEmpty || $1 != nil }) else { continue }
                result = evaluation.result(node, arguments)
            }
            guard let result else { continue }
            constants[output] = model.graph.initializers.count
            model.graph.initializers.append(result)
            removed.insert(position)
        }
        guard !removed.isEmpty else { return [] }
        model.graph.removeNodes(removed)
        return ["\(counted(removed.count, "node")) made constant"]
    }
}

extension ShapeInference {
    /// The integers of `Shape`, or of a `Gather` or `Slice` of one, where the dimensions are fixed.
    fileprivate func shapePart(_ node: Node, _ known: Set<String>) -> (values: [Int64], isScalar: Bool)? {
        let isPart = node.isOperator("Gather") || node.isOperator("Slice")
        guard node.isOperator("Shape") || isPart && known.contains(node.inputs.first ?? ""),
            let output = node.outputs.first, let values = numbers[output]?.values, let rank = shapes[output]?.count,
            rank == 1 || rank == 0 && values.count == 1
        else { return nil }
        return (values.map { Int64($0) }, rank == 0)
    }
}

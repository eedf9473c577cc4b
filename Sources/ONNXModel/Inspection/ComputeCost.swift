/// What one image costs, and what a graph learned.
enum ComputeCost {
    /// Why a cost can't be told, as the end of a sentence.
    struct Obstacle: Error, Equatable {
        let what: String
    }

    /// Multiply-adds of convolutions and matrix products for one image.
    ///
    /// Everything else (normalisations, activations, additions) is left out, as in the figures that papers give.
    ///
    /// - Parameter graph: nodes in topological order.
    /// - Returns: products of two numbers that are added up.
    /// - Throws: the node or the input whose size isn't known, where one of them depends on it.
    static func multiplyAdds(_ graph: Graph) throws(Obstacle) -> Int {
        let inference = ShapeInference(graph)
        var total = 0.0
        for node in graph.nodes where node.isStandard && ["Conv", "Gemm", "MatMul"].contains(node.op) {
            guard let inner = inner(node, inference), let output = node.outputs.first,
                let shape = inference.shapes[output]?.ofOneImage
            else { throw obstacle(to: node, graph, inference) }
            total += product(shape) * inner
        }
        guard total < 1e18 else { throw Obstacle(what: "it is beyond all measure") }
        return Int(total)
    }

    /// Multiply-adds for each number that the node gives.
    private static func inner(_ node: Node, _ inference: ShapeInference) -> Double? {
        if node.op == "Conv" {
            guard let weights = inference.shape(node, 1)?.values, weights.count > 2 else { return nil }
            return product(weights.dropFirst())
        }
        guard let data = inference.shape(node, 0)?.ofOneImage, data.count >= 2 else { return nil }
        return Double(node.int("transA") == 1 ? data[0] : data[data.count - 1])
    }

    /// Where the sizes that `node` depends on get lost.
    private static func obstacle(to node: Node, _ graph: Graph, _ inference: ShapeInference) -> Obstacle {
        let index = GraphIndex(graph)
        func isKnown(_ name: String) -> Bool { inference.shapes[name]?.ofOneImage != nil }
        var place = node
        // Each step goes up in the graph, which has no cycles.
        while let missing = place.inputs.first(where: { !$0.isEmpty && !isKnown($0) }) {
            guard let producer = index.producer[missing] else {
                let declared = graph.inputs.first { $0.name == missing }
                return Obstacle(what: "the input \(declared?.text ?? missing) has no fixed size")
            }
            place = graph.nodes[producer]
        }
        let name = place.name.isEmpty ? place.outputs.first ?? "" : place.name
        return Obstacle(what: "the size of what \(place.op) '\(name)' gives isn't known")
    }

    /// Numbers that training found: weights, biases, slopes, scales and shifts; not the running statistics of batch
    /// normalisation, nor the scales of quantisation.
    static func parameters(_ graph: Graph) -> Int {
        var statistics = Set<String>()
        for node in graph.nodes {
            switch node.op {
            case "BatchNormalization": statistics.formUnion(node.inputs.dropFirst(3))
            case "QuantizeLinear", "DequantizeLinear": statistics.formUnion(node.inputs.dropFirst(1))
            default: continue
            }
        }
        let integers: Set<ElementType> = [.int64, .int32, .bool, .string]
        return graph.initializers.reduce(0) { total, tensor in
            let counts = tensor.count > 1 && !integers.contains(tensor.type) && !statistics.contains(tensor.name)
            return total + (counts ? tensor.count : 0)
        }
    }

    private static func product(_ sizes: some Sequence<Int>) -> Double { sizes.reduce(1) { $0 * Double($1) } }
}

/// What one image costs, and what a graph learned.
enum ComputeCost {
    /// Multiply-adds of convolutions and matrix products for one image.
    ///
    /// Everything else (normalisations, activations, additions) is left out, as in the figures that papers give.
    ///
    /// - Parameter graph: nodes in topological order.
    /// - Returns: nil if the size of one of them isn't known.
    static func multiplyAdds(_ graph: Graph) -> Int? {
        let inference = ShapeInference(graph)
        var total = 0.0
        for node in graph.nodes where node.isStandard {
            let inner: Double
            switch node.op {
            case "Conv":
                guard let weights = inference.shape(node, 1)?.values, weights.count > 2 else { return nil }
                inner = product(weights.dropFirst())
            case "Gemm", "MatMul":
                guard let data = inference.shape(node, 0)?.ofOneImage, data.count >= 2 else { return nil }
                inner = Double(node.int("transA") == 1 ? data[0] : data[data.count - 1])
            default: continue
            }
            guard let output = node.outputs.first, let shape = inference.shapes[output]?.ofOneImage else { return nil }
            total += product(shape) * inner
        }
        return total < 1e18 ? Int(total) : nil
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

extension Graph {
    /// Operators that give the shape of their first input with the same channels.
    private static let channelKeepers: Set<String> = [
        "BatchNormalization", "PRelu", "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Clip", "Elu", "Identity", "Dropout",
        "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Add", "Mul", "Sub", "Cast",
    ]

    /// The number of channels of a `[N,C,H,W]` value that comes from a 2-D convolution, or nil if that isn't plain.
    package func channels(of name: String, _ index: GraphIndex) -> Int? {
        var current = name
        for _ in 0...nodes.count {
            guard let position = index.producer[current] else { return nil }
            let node = nodes[position]
            if node.isOperator("Conv") {
                guard let weights = constant(node, 1, index), weights.dims.count == 4 else { return nil }
                return weights.dims[0]
            }
            guard node.domain.isEmpty || node.domain == "ai.onnx", Self.channelKeepers.contains(node.op),
                let source = node.inputs.first(where: { index.initializer[$0] == nil && !$0.isEmpty })
            else { return nil }
            current = source
        }
        return nil
    }
}

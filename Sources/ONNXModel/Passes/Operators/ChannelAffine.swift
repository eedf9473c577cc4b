/// A node that is `scale · x + shift` with a scale and a shift for each channel of its input.
package struct ChannelAffine {
    /// The value that the node takes.
    package let input: String
    /// One factor a channel.
    package let scale: [Float]
    /// One addend a channel.
    package let shift: [Float]

    /// Reads `BatchNormalization`, and `Mul`, `Add`, `Sub` and `Div` by a constant, or nil if the node is something else.
    ///
    /// - Parameters:
    ///   - node: the node.
    ///   - graph: its graph.
    ///   - index: an index of the graph.
    ///   - channels: the number of channels of the node's input.
    ///   - rank: its number of dimensions; channels are the second.
    /// - Throws: `invalidTensor` for a damaged constant.
    package init?(
        _ node: Node, _ graph: Graph, _ index: GraphIndex, channels: Int, rank: Int
    ) throws(ONNXModelError) {
        if let affine = try BatchNormalizationConstants(node, graph, index) {
            guard affine.scale.count == channels else { return nil }
            self.init(input: node.inputs[0], scale: affine.scale, shift: affine.shift)
            return
        }
        guard node.isStandard, node.inputs.count == 2, node.outputs.count == 1 else { return nil }
        let isCommutative = node.op == "Add" || node.op == "Mul"
        let place = index.initializer[node.inputs[1]] == nil && isCommutative ? 0 : 1
        guard let tensor = graph.constant(node, place, index), tensor.type == .float,
            index.initializer[node.inputs[1 - place]] == nil,
            let values = try Self.values(tensor, channels: channels, rank: rank)
        else { return nil }
        let ones = Array(repeating: Float(1), count: channels)
        let zeros = Array(repeating: Float(0), count: channels)
        let input = node.inputs[1 - place]
        switch node.op {
        case "Mul": self.init(input: input, scale: values, shift: zeros)
        case "Div": self.init(input: input, scale: values.map { 1 / $0 }, shift: zeros)
        case "Add": self.init(input: input, scale: ones, shift: values)
        case "Sub": self.init(input: input, scale: ones, shift: values.map { -$0 })
        default: return nil
        }
        guard scale.allSatisfy(\.isFinite), shift.allSatisfy(\.isFinite) else { return nil }
    }

    private init(input: String, scale: [Float], shift: [Float]) {
        self.input = input
        self.scale = scale
        self.shift = shift
    }

    /// The constant's value for each channel, or nil if it differs from place to place.
    private static func values(_ tensor: Tensor, channels: Int, rank: Int) throws(ONNXModelError) -> [Float]? {
        guard tensor.dims.count <= rank else { return nil }
        if tensor.count == 1 { return Array(repeating: try tensor.floats()[0], count: channels) }
        let dims = Array(repeating: 1, count: rank - tensor.dims.count) + tensor.dims
        guard dims == [1, channels] + Array(repeating: 1, count: rank - 2) else { return nil }
        return try tensor.floats()
    }
}

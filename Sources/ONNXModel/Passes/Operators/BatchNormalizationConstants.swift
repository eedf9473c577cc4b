/// A `BatchNormalization` in inference as what it is: `scale · x + shift`.
struct BatchNormalizationConstants {
    /// `gamma / √(variance + epsilon)`, as many as the parameters.
    let scale: [Float]
    /// `beta − mean · scale`.
    let shift: [Float]
    /// Whether there is one of each a channel, and not one a place of the image, as `spatial=0` allowed.
    let isChannelwise: Bool

    /// Computes them in double precision, or nil if the node isn't one in inference with finite float32 constants.
    init?(_ node: Node, _ graph: Graph, _ index: GraphIndex) throws(ONNXModelError) {
        guard node.isOperator("BatchNormalization"), node.inputs.count == 5, node.outputs.first?.isEmpty == false,
            node.outputs.dropFirst().allSatisfy(\.isEmpty), node.int("training_mode") ?? 0 == 0
        else { return nil }
        var parameters: [[Float]] = []
        var isChannelwise = node.int("spatial") ?? 1 == 1
        for position in 1..<5 {
            guard let tensor = graph.constant(node, position, index), tensor.type == .float else { return nil }
            isChannelwise = isChannelwise && tensor.dims.count == 1
            parameters.append(try tensor.floats())
        }
        let count = parameters[0].count
        guard count > 0, parameters.allSatisfy({ $0.count == count }) else { return nil }
        let epsilon = Double(node.float("epsilon") ?? 1e-5)
        var scale: [Float] = []
        var shift: [Float] = []
        for place in 0..<count {
            let factor = Double(parameters[0][place]) / (Double(parameters[3][place]) + epsilon).squareRoot()
            scale.append(Float(factor))
            shift.append(Float(Double(parameters[1][place]) - Double(parameters[2][place]) * factor))
        }
        // Damaged or never trained: folded in, it would spoil all weights instead of one layer's output.
        guard scale.allSatisfy(\.isFinite), shift.allSatisfy(\.isFinite) else { return nil }
        self.scale = scale
        self.shift = shift
        self.isChannelwise = isChannelwise
    }
}

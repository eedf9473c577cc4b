/// A convolution or fully connected layer that can compute in 8 bits.
package struct Int8Layer: Sendable, Equatable {
    /// The layer's output, which names the layer.
    package let output: String
    /// The operator and the node's name, for people.
    package let text: String
    /// The value that it takes.
    package let input: String
    /// Name of its constant weights.
    let weights: String
    /// The axis of the weights along which its outputs lie.
    let axis: Int
    /// Name of its constant bias of one number an output; nil if it has none.
    let bias: String?

    /// Finds a layer in a node: a 2-D `Conv`, or a `Gemm` that only multiplies and adds, with constant float32 weights.
    init?(_ node: Node, _ graph: Graph, _ index: GraphIndex) {
        guard node.outputs.count == 1, let output = node.outputs.first, let input = node.inputs.first,
            index.initializer[input] == nil, let weights = graph.constant(node, 1, index), weights.type == .float,
            weights.count > 0
        else { return nil }
        if node.isOperator("Conv"), weights.dims.count == 4 {
            axis = 0
        } else if node.isOperator("Gemm"), weights.dims.count == 2, node.int("transA") ?? 0 == 0,
            node.float("alpha") ?? 1 == 1, node.float("beta") ?? 1 == 1
        {
            axis = node.int("transB") == 1 ? 0 : 1
        } else {
            return nil
        }
        if node.inputs.count > 2, !node.inputs[2].isEmpty {
            guard let bias = graph.constant(node, 2, index), bias.type == .float, bias.dims == [weights.dims[axis]]
            else { return nil }
            self.bias = bias.name
        } else {
            bias = nil
        }
        self.output = output
        self.input = input
        self.weights = weights.name
        text = node.text
    }
}

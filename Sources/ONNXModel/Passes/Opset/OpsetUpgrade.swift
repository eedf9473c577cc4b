/// Rewrites a graph's nodes from an opset of 7 to 12 to opset 13.
struct OpsetUpgrade {
    /// The graph, rewritten once `run` was called.
    private(set) var graph: Graph
    private let opset: Int64
    private let inference: ShapeInference
    private let index: GraphIndex

    /// Operators that mean the same in opset 13 as in any from 7 on, as far as files of those opsets can use them.
    private static let unchanged: Set<String> = [
        "Abs", "Add", "And", "ArgMax", "ArgMin", "AveragePool", "BatchNormalization", "Cast", "Ceil", "Concat",
        "Constant", "ConstantOfShape", "Conv", "ConvTranspose", "DequantizeLinear", "Div", "Elu", "Equal", "Erf", "Exp",
        "Expand", "Flatten", "Floor", "Gather", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "Greater", "HardSigmoid",
        "Identity", "InstanceNormalization", "LRN", "LeakyRelu", "Less", "Log", "LpNormalization", "MatMul", "Max",
        "MaxPool", "Mean", "Min", "Mul", "Neg", "Not", "Or", "PRelu", "Pow", "QuantizeLinear", "Reciprocal",
        "ReduceL1", "ReduceL2", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare", "Relu",
        "Reshape", "Selu", "Shape", "Sigmoid", "Softplus", "Sqrt", "Sub", "Sum", "Tanh", "Tile", "Transpose", "Where",
    ]

    /// - Parameters:
    ///   - graph: the graph.
    ///   - opset: its opset, below 13.
    init(_ graph: Graph, from opset: Int64) {
        self.graph = graph
        self.opset = opset
        inference = ShapeInference(graph)
        index = GraphIndex(graph)
    }

    /// The first node that can't be rewritten, for messages; nil if all can.
    var obstacle: String? { graph.nodes.first { $0.isStandard && !canRewrite($0) }?.text }

    private func canRewrite(_ node: Node) -> Bool {
        guard node.graphs.isEmpty else { return false }
        switch node.op {
        case "Squeeze", "Unsqueeze", "ReduceSum", "Split": return true
        case "BatchNormalization": return node.int("spatial") ?? 1 == 1 && node.outputs.count == 1
        case "Clip", "Pad", "Slice": return true
        // The mask was of the data's type once.
        case "Dropout": return node.outputs.dropFirst().allSatisfy { $0.isEmpty || index.consumers[$0] == nil }
        // Before 13, all dimensions from the axis on were one; the same where the axis is the last.
        case "Softmax", "LogSoftmax", "Hardmax":
            let axis = node.int("axis") ?? 1
            return axis == -1 || inference.shape(node, 0).map { Int64($0.count) - 1 == axis } ?? false
        // The coordinates of opset 10 are others.
        case "Resize": return opset >= 11
        default: return Self.unchanged.contains(node.op)
        }
    }

    /// Rewrites all nodes; call it only where there is no obstacle.
    mutating func run() throws(ONNXModelError) {
        for position in graph.nodes.indices where graph.nodes[position].isStandard {
            let node = graph.nodes[position]
            switch node.op {
            case "Squeeze", "Unsqueeze", "ReduceSum": moveIntegers(position, ["axes"])
            case "Split": moveIntegers(position, ["split"])
            case "Slice" where opset < 10: moveIntegers(position, ["starts", "ends", "axes"])
            case "Pad" where opset < 11:
                moveIntegers(position, ["pads"])
                moveFloat(position, "value", usual: 0)
            case "Clip" where opset < 11:
                // The limits of old were these where none was given.
                moveFloat(position, "min", usual: -Float.greatestFiniteMagnitude)
                moveFloat(position, "max", usual: Float.greatestFiniteMagnitude)
            case "Dropout" where opset < 12: moveFloat(position, "ratio", usual: 0.5)
            case "Softmax", "LogSoftmax", "Hardmax":
                graph.nodes[position].attributes.removeAll { $0.name == "axis" }
                graph.nodes[position].attributes.append(Attribute("axis", .int(-1)))
            case "BatchNormalization": graph.nodes[position].attributes.removeAll { $0.name == "spatial" }
            default: continue
            }
        }
    }

    /// Makes attributes of integers inputs; those behind the first that is missing must be missing as well.
    private mutating func moveIntegers(_ position: Int, _ names: [String]) {
        for name in names {
            guard let values = graph.nodes[position].ints(name) else { return }
            let constant = graph.freshName("\(graph.nodes[position].outputs.first ?? "")_\(name)")
            graph.initializers.append(Tensor(name: constant, dims: [values.count], int64s: values))
            graph.nodes[position].inputs.append(constant)
            graph.nodes[position].attributes.removeAll { $0.name == name }
        }
    }

    private mutating func moveFloat(_ position: Int, _ name: String, usual: Float) {
        let value = graph.nodes[position].float(name) ?? usual
        let constant = graph.freshName("\(graph.nodes[position].outputs.first ?? "")_\(name)")
        graph.initializers.append(Tensor(name: constant, dims: [], floats: [value]))
        graph.nodes[position].inputs.append(constant)
        graph.nodes[position].attributes.removeAll { $0.name == name }
    }
}

/// An operator that takes and gives values of one and the same real type.
package struct TypedOperator: Sendable {
    /// The inputs of that type; nil for all.
    private let inputs: [Int]?
    /// Whether half precision isn't enough for what happens inside: sums of squares, exponentials.
    package let needsSingle: Bool

    /// The places among a node's inputs that are filled and of the operator's type.
    package func slots(of node: Node) -> [Int] {
        (inputs ?? Array(node.inputs.indices)).filter { $0 < node.inputs.count && !node.inputs[$0].isEmpty }
    }

    /// The rule for a node; nil if the operator isn't one of these.
    package static func of(_ node: Node) -> TypedOperator? {
        node.domain.isEmpty || node.domain == "ai.onnx" ? table[node.op] : nil
    }

    private static let table: [String: TypedOperator] = {
        let all = [
            "Abs", "Add", "AveragePool", "BatchNormalization", "Ceil", "Clip", "Concat", "Conv", "ConvTranspose", "Div",
            "Elu", "Erf", "Flatten", "Floor", "Gelu", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid",
            "HardSwish", "Identity", "LeakyRelu", "MatMul", "Max", "MaxPool", "Mean", "Min", "Mish", "Mul", "Neg",
            "PRelu", "Relu", "Selu", "Sigmoid", "Softplus", "Softsign", "Sub", "Sum", "Tanh", "ThresholdedRelu",
            "Transpose",
        ]
        let first = [
            "DepthToSpace", "Dropout", "Expand", "Gather", "ReduceMax", "ReduceMean", "ReduceMin", "Reshape", "Resize",
            "Slice", "SpaceToDepth", "Split", "Squeeze", "Tile", "Unsqueeze", "Upsample",
        ]
        let single = [
            "Exp", "GlobalLpPool", "InstanceNormalization", "LRN", "LayerNormalization", "Log", "LogSoftmax",
            "LpNormalization", "MeanVarianceNormalization", "Pow", "Reciprocal", "ReduceL1", "ReduceL2", "ReduceLogSum",
            "ReduceLogSumExp", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Softmax", "Sqrt",
        ]
        var table: [String: TypedOperator] = ["Pad": .init([0, 2]), "Where": .init([1, 2])]
        for name in all { table[name] = .init(nil) }
        for name in first { table[name] = .init([0]) }
        for name in single { table[name] = .init(name.hasPrefix("Reduce") ? [0] : nil, needsSingle: true) }
        return table
    }()

    private init(_ inputs: [Int]?, needsSingle: Bool = false) {
        self.inputs = inputs
        self.needsSingle = needsSingle
    }
}

/// A `BatchNormalization` whose four constants are made two, in double precision, before they are rounded.
///
/// `(x − mean) · scale / √(variance + ε) + bias` is `x · factor + offset`. Variances and ε may lie far below what float16 holds, and
/// their quotient doesn't: only the result is rounded. The node stays one: scale is the factor, bias the offset, mean 0, variance 1, ε 0.
struct HalfBatchNormalization {
    let factors: Tensor
    let offsets: Tensor

    /// The default of ONNX's attribute.
    private static let usualEpsilon: Float = 1e-5

    /// Finds factors and offsets; nil if the node's constants aren't plain vectors of finite numbers, or it trains.
    init?(_ node: Node, _ weights: HalfWeights) throws(ONNXModelError) {
        guard node.isOperator("BatchNormalization"), node.inputs.count == 5, let output = node.outputs.first,
            node.outputs.dropFirst().allSatisfy(\.isEmpty), node.int("training_mode") ?? 0 == 0,
            node.int("spatial") ?? 1 == 1
        else { return nil }
        var vectors: [[Float]] = []
        for name in node.inputs.dropFirst() {
            guard let tensor = weights[name], tensor.dims.count == 1 else { return nil }
            vectors.append(try tensor.floats())
        }
        let count = vectors[0].count
        guard vectors.allSatisfy({ $0.count == count }) else { return nil }
        let epsilon = Double(node.epsilon ?? Self.usualEpsilon)
        var factors: [Float] = []
        var offsets: [Float] = []
        for channel in 0..<count {
            let (scale, bias, mean, variance) = (
                Double(vectors[0][channel]), Double(vectors[1][channel]), Double(vectors[2][channel]),
                Double(vectors[3][channel])
            )
            let factor = scale / (variance + epsilon).squareRoot()
            factors.append(Float(factor))
            offsets.append(Float(bias - mean * factor))
        }
        guard factors.allSatisfy(\.isFinite), offsets.allSatisfy(\.isFinite) else { return nil }
        self.factors = Tensor(name: "\(output)_factor", dims: [count], floats: factors)
        self.offsets = Tensor(name: "\(output)_offset", dims: [count], floats: offsets)
    }
}

extension Node {
    fileprivate var epsilon: Float? {
        for attribute in attributes where attribute.name == "epsilon" {
            if case .float(let value) = attribute.value { return value }
        }
        return nil
    }
}

extension ShapeInference {
    private static let elementwise: Set<String> = [
        "Add", "Sub", "Mul", "Div", "Pow", "Sum", "Max", "Min", "Mean", "PRelu", "Equal", "Less", "Greater", "Where",
    ]
    private static let unchanged: Set<String> = [
        "BatchNormalization", "InstanceNormalization", "LpNormalization", "LRN", "Relu", "LeakyRelu", "Elu", "Selu",
        "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Erf", "Exp", "Log", "Sqrt", "Reciprocal", "Abs", "Neg", "Floor",
        "Ceil", "Clip", "Softmax", "LogSoftmax", "Identity", "Dropout", "Cast", "QuantizeLinear", "DequantizeLinear",
    ]

    /// The shape of the node's first output.
    func shape(of node: Node) -> [Extent]? {
        if Self.unchanged.contains(node.op) { return shape(node, 0) }
        if Self.elementwise.contains(node.op) { return broadcast(node) }
        switch node.op {
        case "Conv": return convolution(node)
        case "MaxPool", "AveragePool", "LpPool": return pool(node)
        case "GlobalAveragePool", "GlobalMaxPool":
            return shape(node, 0).map { $0.prefix(2) + Array(repeating: .fixed(1), count: max(0, $0.count - 2)) }
        case "Gemm": return gemm(node)
        case "MatMul": return matMul(node)
        case "Flatten": return shape(node, 0).flatMap { Self.flatten($0, axis: node.int("axis") ?? 1) }
        case "Reshape":
            guard let data = shape(node, 0), let target = numbers(node, 1) else { return nil }
            return Self.reshape(data, to: target, zeroMeansZero: node.int("allowzero") == 1)
        case "Transpose": return transpose(node)
        case "Squeeze", "Unsqueeze": return squeeze(node)
        case "Concat": return concat(node)
        case "Resize", "Upsample": return resize(node)
        case "Gather": return gather(node)
        case "Shape": return numbers[node.outputs[0]].map { [.fixed($0.count)] }
        case "Constant": return nil
        case "Slice": return numbers[node.outputs[0]].map { [.fixed($0.count)] } ?? slice(node)
        default:
            return node.op.hasPrefix("Reduce") ? reduce(node) : nil
        }
    }

    private func broadcast(_ node: Node) -> [Extent]? {
        var result: [Extent] = []
        for position in node.inputs.indices {
            guard let shape = shape(node, position) else { return nil }
            result = result.broadcast(with: shape)
        }
        return result
    }

    private func gemm(_ node: Node) -> [Extent]? {
        guard let first = shape(node, 0), let second = shape(node, 1), first.count == 2, second.count == 2 else {
            return nil
        }
        return [first[node.int("transA") == 1 ? 1 : 0], second[node.int("transB") == 1 ? 0 : 1]]
    }

    private func matMul(_ node: Node) -> [Extent]? {
        guard let first = shape(node, 0), let second = shape(node, 1), first.count >= 2, second.count >= 2 else {
            return nil
        }
        return first.dropLast(2).broadcast(with: Array(second.dropLast(2))) + [
            first[first.count - 2], second[second.count - 1],
        ]
    }

    private func transpose(_ node: Node) -> [Extent]? {
        guard let shape = shape(node, 0) else { return nil }
        guard let order = node.ints("perm") else { return shape.reversed() }
        guard order.count == shape.count, order.allSatisfy({ shape.indices.contains(Int($0)) }) else { return nil }
        return order.map { shape[Int($0)] }
    }

    private func squeeze(_ node: Node) -> [Extent]? {
        guard let shape = shape(node, 0) else { return nil }
        let given = node.ints("axes") ?? numbers(node, 1)?.values.map { $0.map { Int64($0) } }
        if node.op == "Squeeze" {
            guard let given else { return node.inputs.count > 1 ? nil : Self.withoutOnes(shape) }
            guard let axes = Self.axes(given, rank: shape.count) else { return nil }
            return shape.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
        }
        guard let given, given.count <= 8, let axes = Self.axes(given, rank: shape.count + given.count) else {
            return nil
        }
        var rest = shape.makeIterator()
        return (0..<shape.count + given.count).map { axes.contains($0) ? .fixed(1) : rest.next() ?? .unknown }
    }

    /// All dimensions of size 1 go; where a size is unknown, nobody can tell which.
    private static func withoutOnes(_ shape: [Extent]) -> [Extent]? {
        shape.contains(.unknown) ? nil : shape.filter { $0 != .fixed(1) }
    }

    private func concat(_ node: Node) -> [Extent]? {
        let parts = node.inputs.indices.compactMap { shape(node, $0) }
        guard parts.count == node.inputs.count, var result = parts.first,
            let axis = Self.axes([node.int("axis") ?? 0], rank: result.count)?.first,
            parts.allSatisfy({ $0.count == result.count })
        else { return nil }
        let sizes = parts.compactMap { $0[axis].value }
        result[axis] =
            sizes.count == parts.count ? .bounded(sizes.reduce(0) { min($0 + $1, Extent.limit + 1) }) : .unknown
        return result
    }

    private func gather(_ node: Node) -> [Extent]? {
        guard let data = shape(node, 0), let places = shape(node, 1),
            let axis = Self.axes([node.int("axis") ?? 0], rank: data.count)?.first
        else { return nil }
        return data[..<axis] + places + data[(axis + 1)...]
    }

    private func slice(_ node: Node) -> [Extent]? {
        // Which dimensions change needs the axes; the rank is enough for what follows.
        shape(node, 0).map { $0.map { $0 == .batch ? .batch : .unknown } }
    }

    private func reduce(_ node: Node) -> [Extent]? {
        guard let shape = shape(node, 0) else { return nil }
        let given = node.ints("axes") ?? numbers(node, 1)?.values.map { $0.map { Int64($0) } }
        guard given != nil || node.inputs.count < 2,
            let axes = Self.axes(given ?? shape.indices.map { Int64($0) }, rank: shape.count)
        else { return nil }
        if node.int("keepdims") ?? 1 == 1 {
            return shape.enumerated().map { axes.contains($0.offset) ? .fixed(1) : $0.element }
        }
        return shape.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
    }

    /// Positions of dimensions, counted from the end if negative; nil if one is out of range or named twice.
    static func axes(_ given: [Int64], rank: Int) -> Set<Int>? {
        let valid = given.filter { $0 >= -Int64(rank) && $0 < Int64(rank) }
        let axes = Set(valid.map { Int($0 < 0 ? $0 + Int64(rank) : $0) })
        return axes.count == given.count ? axes : nil
    }
}

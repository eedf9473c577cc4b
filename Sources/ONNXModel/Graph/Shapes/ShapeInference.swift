/// The shapes of a graph's values, and the contents of the small integer tensors that shapes are computed with.
///
/// Follows the operators of face models; what it doesn't know it leaves out. Never fails: a graph that contradicts itself
/// has values of unknown shape.
struct ShapeInference {
    /// Integer tensors with more elements are no shapes.
    static let largestVector = 64
    /// Values of more dimensions are no images.
    static let largestRank = 8

    /// The shape of each value that has a known number of dimensions.
    private(set) var shapes: [String: [Extent]] = [:]
    /// The elements of integer scalars and vectors.
    private(set) var numbers: [String: [Extent]] = [:]
    /// The elements of short vectors of real numbers among the constants: factors of sizes.
    private(set) var factors: [String: [Float]] = [:]

    /// Goes through the nodes of `graph` in their order, which must be topological.
    ///
    /// The first dimension of an input is the batch unless it is fixed.
    init(_ graph: Graph) {
        for tensor in graph.initializers {
            shapes[tensor.name] = tensor.dims.map { .bounded($0) }
            if let elements = Self.vector(tensor) { numbers[tensor.name] = elements }
            if let elements = Self.factors(tensor) { factors[tensor.name] = elements }
        }
        for input in graph.inputs {
            guard shapes[input.name] == nil, let shape = input.tensor?.shape else { continue }
            shapes[input.name] = shape.enumerated().map { position, dimension in
                if let value = dimension.value { return .bounded(value) }
                return position == 0 ? .batch : .unknown
            }
        }
        for node in graph.nodes where node.domain.isEmpty || node.domain == "ai.onnx" {
            guard let output = node.outputs.first, !output.isEmpty else { continue }
            if let elements = elements(of: node) { numbers[output] = elements }
            if let shape = shape(of: node) { shapes[output] = shape }
        }
    }

    /// The shape of what the node takes at `position`.
    func shape(_ node: Node, _ position: Int) -> [Extent]? {
        position < node.inputs.count ? shapes[node.inputs[position]] : nil
    }

    /// The integers that the node takes at `position`.
    func numbers(_ node: Node, _ position: Int) -> [Extent]? {
        position < node.inputs.count ? numbers[node.inputs[position]] : nil
    }

    private static func vector(_ tensor: Tensor) -> [Extent]? {
        guard tensor.type == .int64 || tensor.type == .int32, tensor.dims.count <= 1, tensor.count <= largestVector,
            let elements = try? tensor.int64s()
        else { return nil }
        return elements.map { .number($0) }
    }

    private static func factors(_ tensor: Tensor) -> [Float]? {
        guard tensor.type == .float, tensor.dims.count == 1, (1...largestRank).contains(tensor.count) else {
            return nil
        }
        return try? tensor.floats()
    }
}

extension Extent {
    /// An integer of a file. Those beyond the limit become the limit: in `Slice` they mean "to the end".
    static func number(_ value: Int64) -> Extent {
        .fixed(Int(Swift.min(Swift.max(value, -Int64(limit)), Int64(limit))))
    }
}

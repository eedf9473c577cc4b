/// The arithmetic between a graph's image input and its first real operation: `(x − mean) / scale`, written in any form.
struct Normalization {
    /// The nodes that make it up, with casts and the turn from NHWC to NCHW between them.
    private(set) var nodes = Set<Int>()
    /// The value behind the last of them.
    private(set) var output: String
    /// The layout of `output`.
    private(set) var layout: ImageInput.Layout
    /// The graph computes `factor · x + offset`.
    private var factor = 1.0
    private var offset = 0.0
    /// Whether there was any arithmetic.
    private(set) var isPresent = false
    /// Whether channels are treated differently, which stays in the graph.
    private(set) var isPerChannel = false

    /// Follows the image through `graph` as long as it has one taker each.
    init(_ graph: Graph, _ index: GraphIndex, input: ImageInput) {
        output = input.name
        layout = input.layout
        while let position = index.soleConsumer(of: output) {
            let node = graph.nodes[position]
            guard let result = node.outputs.first, node.outputs.count == 1, !index.outputs.contains(result),
                step(node, graph, index)
            else { break }
            nodes.insert(position)
            output = result
        }
        if isPerChannel {
            self.nodes = []
            output = input.name
            layout = input.layout
            (factor, offset, isPresent) = (1, 0, false)
        }
    }

    /// Subtracted from each pixel.
    var mean: Float { Self.snapped(-offset / factor) }
    /// Divides what is left.
    var scale: Float { Self.snapped(1 / factor) }

    /// Constants are float32: 1/255 comes back as 255 but for rounding, and 255 is meant.
    private static func snapped(_ value: Double) -> Float {
        let nearest = (value * 2).rounded() / 2
        return Float(abs(value - nearest) <= 2.5e-7 * abs(value) ? nearest : value)
    }

    /// Takes one node in, or says that it is no part of the normalisation.
    private mutating func step(_ node: Node, _ graph: Graph, _ index: GraphIndex) -> Bool {
        guard node.domain.isEmpty || node.domain == "ai.onnx" else { return false }
        switch node.op {
        case "Cast": return node.int("to") == Int64(ElementType.float.rawValue)
        case "Transpose":
            guard layout == .nhwc, node.ints("perm") == [0, 3, 1, 2] else { return false }
            layout = .nchw
            return true
        case "Sub", "Add", "Mul", "Div": return arithmetic(node, graph, index)
        default: return false
        }
    }

    private mutating func arithmetic(_ node: Node, _ graph: Graph, _ index: GraphIndex) -> Bool {
        guard node.inputs.count == 2 else { return false }
        let imageFirst = node.inputs[0] == output
        guard imageFirst || node.op == "Add" || node.op == "Mul",
            let tensor = graph.constant(node, imageFirst ? 1 : 0, index), isPerImage(tensor)
        else { return false }
        guard let constant = tensor.uniformFloat().map(Double.init), constant.isFinite else {
            isPerChannel = tensor.type == .float && tensor.count == 3
            return false
        }
        let next: (factor: Double, offset: Double)
        switch node.op {
        case "Add": next = (factor, offset + constant)
        case "Sub": next = (factor, offset - constant)
        case "Mul": next = (factor * constant, offset * constant)
        default: next = (factor / constant, offset / constant)
        }
        guard next.factor.isFinite, next.factor != 0, next.offset.isFinite else { return false }
        (factor, offset) = next
        isPresent = true
        return true
    }

    /// A scalar or one value a channel, in a shape that leaves the image's shape as it is.
    private func isPerImage(_ tensor: Tensor) -> Bool {
        guard tensor.dims.count <= 4 else { return false }
        if tensor.count == 1 { return true }
        let dims = Array(repeating: 1, count: 4 - tensor.dims.count) + tensor.dims
        return dims == (layout == .nchw ? [1, 3, 1, 1] : [1, 1, 1, 3])
    }
}

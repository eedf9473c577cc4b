internal import ONNXModel

/// The image between the graph's input and its first convolution: what the nodes on the way mean for the pixels.
struct ImageValue {
    /// Subtracted from each pixel.
    var mean: Float = 0
    /// Multiplies what is left, for each channel of the value.
    var scale: [Float] = [1, 1, 1]
    /// Added then.
    var shift: [Float] = [0, 0, 0]
    /// The pixel's channel that is each channel of the value.
    var order = [0, 1, 2]
    /// Whether channels come first.
    var isPlanar = false

    /// The image behind a node.
    ///
    /// - Throws: `unsupportedOperator` for nodes that aren't part of a preparation.
    func behind(_ node: Node, _ graph: Graph, _ index: GraphIndex) throws(CUDAEngineError) -> ImageValue {
        var image = self
        switch node.op {
        case "Cast" where node.int("to") == Int64(ElementType.float.rawValue): break
        case "Transpose" where !isPlanar && node.ints("perm") == [0, 3, 1, 2]: image.isPlanar = true
        case "Gather": image.order = try gathered(node, graph, index)
        default:
            guard isPlanar, let affine = try Self.affine(node, graph, index) else {
                throw GraphReader.unsupported(node, "it takes the image, of which only a convolution is made")
            }
            let isPlain = scale == [1, 1, 1] && shift == [0, 0, 0]
            if isPlain, node.op == "Sub", affine.shift.allSatisfy({ $0 == affine.shift[0] }) {
                image.mean = mean - affine.shift[0]
            } else {
                image.scale = zip(scale, affine.scale).map(*)
                image.shift = zip(zip(shift, affine.scale), affine.shift).map { $0.0 * $0.1 + $1 }
            }
        }
        return image
    }

    private func gathered(_ node: Node, _ graph: Graph, _ index: GraphIndex) throws(CUDAEngineError) -> [Int] {
        guard isPlanar, node.int("axis") == 1, scale == [1, 1, 1], shift == [0, 0, 0],
            let tensor = graph.constant(node, 1, index), tensor.count == 3
        else { throw GraphReader.unsupported(node, "it takes the image, of which only a convolution is made") }
        let places = try wrapped(node) { () throws(ONNXModelError) in try tensor.int64s() }
        guard places.allSatisfy({ (0..<3).contains($0) }) else { throw GraphReader.unsupported(node) }
        return places.map { order[Int($0)] }
    }

    private static func affine(
        _ node: Node, _ graph: Graph, _ index: GraphIndex
    ) throws(CUDAEngineError) -> ChannelAffine? {
        try wrapped(node) { () throws(ONNXModelError) in
            try ChannelAffine(node, graph, index, channels: 3, rank: 4)
        }
    }
}

/// Runs what reads a node's constants, and tells its failure in this room's terms.
func wrapped<Value>(
    _ node: Node, _ body: () throws(ONNXModelError) -> Value
) throws(CUDAEngineError) -> Value {
    do throws(ONNXModelError) {
        return try body()
    } catch {
        throw CUDAEngineError(.unusableWeights, error.description, at: node.text)
    }
}

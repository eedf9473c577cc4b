internal import ONNXModel

/// Nodes that treat each place of an image for itself.
extension GraphReader {
    /// `BatchNormalization`, and arithmetic with a constant for each channel.
    mutating func readAffine(_ node: Node) throws(CUDAEngineError) {
        guard let name = node.inputs.first(where: { numbers[$0] != nil }), let input = numbers[name] else {
            throw Self.unsupported(node)
        }
        let shape = network.shapes[input]
        let rank = rows[name] == nil ? 4 : 2
        let affine = try wrapped(node) { () throws(ONNXModelError) in
            try ChannelAffine(node, graph, index, channels: rank == 4 ? shape.channels : shape.count, rank: rank)
        }
        guard let affine, rank == 4 || shape.count == shape.channels else { throw Self.unsupported(node) }
        let position = append(
            node, .depthwise, of: input, .point, WeightMatrix(diagonal: affine.scale), bias: affine.shift, to: shape)
        network.operations[position].relativeShift = try relativeShift(node)
        if rank == 2 { rows[node.outputs[0]] = numbers[node.outputs[0]] }
    }

    private func relativeShift(_ node: Node) throws(CUDAEngineError) -> Float? {
        guard node.isOperator("BatchNormalization"), let scale = graph.constant(node, 1, index),
            let shift = graph.constant(node, 2, index)
        else { return nil }
        return try wrapped(node) { () throws(ONNXModelError) in
            zip(try shift.floats(), try scale.floats()).map { abs($0 / $1) }.max()
        }
    }

    /// `PRelu`, and its relatives with one slope.
    mutating func readActivation(_ node: Node) throws(CUDAEngineError) {
        let input = try number(node, 0)
        let shape = network.shapes[input]
        let position = appendIdentity(node, of: input)
        network.operations[position].slopes = try slopes(node, channels: shape.channels)
    }

    mutating func readAddition(_ node: Node) throws(CUDAEngineError) {
        let (first, second) = (try number(node, 0), try number(node, 1))
        guard network.shapes[first] == network.shapes[second], first != second else {
            throw Self.unsupported(node, "it adds \(network.shapes[second]) to \(network.shapes[first])")
        }
        // The later of the two can take the other in while it is stored.
        let position = appendIdentity(node, of: max(first, second))
        network.operations[position].residual = min(first, second)
    }

    /// `Flatten` changes no number and, as `Gemm` sees to the order, no place in memory.
    mutating func readRename(_ node: Node, _ output: String) throws(CUDAEngineError) {
        let input = try number(node, 0)
        if node.op == "Flatten" {
            guard node.int("axis") ?? 1 == 1 else { throw Self.unsupported(node, "it doesn't give a row a face") }
            let isEmbedding = graph.outputs.contains { $0.name == output }
            guard !isEmbedding || network.shapes[input].count == network.shapes[input].channels else {
                throw Self.unsupported(node, "the embedding is a whole image")
            }
            rows[output] = input
        }
        numbers[output] = input
    }

    private mutating func appendIdentity(_ node: Node, of input: Int) -> Int {
        let shape = network.shapes[input]
        return append(
            node, .depthwise, of: input, .point,
            WeightMatrix(diagonal: Array(repeating: 1, count: shape.channels)),
            bias: Array(repeating: 0, count: shape.channels), to: shape)
    }

    private func slopes(_ node: Node, channels: Int) throws(CUDAEngineError) -> [Float] {
        if node.op == "Relu" { return Array(repeating: 0, count: channels) }
        if node.op == "LeakyRelu" { return Array(repeating: node.float("alpha") ?? 0.01, count: channels) }
        guard let tensor = graph.constant(node, 1, index), tensor.type == .float else {
            throw Self.unsupported(node, "its slopes aren't constants")
        }
        let values = try wrapped(node) { () throws(ONNXModelError) in try tensor.floats() }
        if values.count == 1 { return Array(repeating: values[0], count: channels) }
        let isRow = rows[node.inputs[0]] != nil
        let dims = Array(tensor.dims.drop { $0 == 1 })
        guard values.count == channels, isRow || dims == [channels, 1, 1] else {
            throw Self.unsupported(node, "its slopes aren't one a channel")
        }
        return values
    }
}

internal import CONNXModel

/// A `Conv` or `Gemm` with constant float32 weights, seen as one matrix: `y = W·x + b` with a row for each output channel.
struct LinearLayer {
    /// Whether it slides over an image.
    let isConvolution: Bool
    /// Channels that come out.
    let outputs: Int
    /// Channels that a row of the weights takes; those of one group.
    let inputs: Int
    /// Groups of channels; 1 for `Gemm`.
    let groups: Int
    /// Dimensions of what it gives.
    let rank: Int
    /// Whether it sees zeros around the image.
    let hasPadding: Bool

    private let weights: Tensor
    private let elements: ByteSlice
    private let biasTensor: Tensor?
    /// Elements of the weights for one input channel.
    private let area: Int
    /// Whether a row of the stored weights belongs to an output channel; a `Gemm` without `transB` stores columns.
    private let storesRows: Bool

    /// Reads the node, or nil if it is no such layer. A `Gemm` must have `alpha` and `beta` 1 and no `transA`.
    init?(_ node: Node, _ graph: Graph, _ index: GraphIndex) {
        guard node.outputs.count == 1, let weights = graph.constant(node, 1, index), weights.type == .float,
            weights.count > 0, let elements = weights.littleEndianBytes
        else { return nil }
        let hasBias = node.inputs.count > 2 && !node.inputs[2].isEmpty
        let bias = graph.constant(node, 2, index)
        guard !hasBias || bias?.type == .float else { return nil }
        if node.isOperator("Conv"), weights.dims.count > 2 {
            isConvolution = true
            outputs = weights.dims[0]
            inputs = weights.dims[1]
            groups = Int(clamping: node.int("group") ?? 1)
            rank = weights.dims.count
            area = weights.dims[2...].reduce(1, *)
            storesRows = true
            let isUnpadded = node.string("auto_pad").map { $0 == "VALID" || $0 == "NOTSET" } ?? true
            hasPadding = !isUnpadded || node.ints("pads")?.contains { $0 != 0 } ?? false
        } else if node.isOperator("Gemm"), weights.dims.count == 2, node.isPlainGemm {
            isConvolution = false
            storesRows = node.int("transB") == 1
            outputs = weights.dims[storesRows ? 0 : 1]
            inputs = weights.dims[storesRows ? 1 : 0]
            groups = 1
            rank = 2
            area = 1
            hasPadding = false
        } else {
            return nil
        }
        if let bias, bias.count != outputs { return nil }
        self.weights = weights
        self.elements = elements
        biasTensor = hasBias ? bias : nil
    }

    /// One addend an output channel.
    func bias() throws(ONNXModelError) -> [Float] {
        try biasTensor?.floats() ?? Array(repeating: 0, count: outputs)
    }

    /// The weights with each output channel's multiplied by its factor.
    func scaled(outputsBy factors: [Float]) -> Tensor {
        storesRows ? scaled(rows: factors) : scaled(columns: factors, share: 1)
    }

    /// The weights with those for each input channel multiplied by its factor; `share` neighbours have one factor.
    func scaled(inputsBy factors: [Float], share: Int) -> Tensor {
        if storesRows { return scaled(columns: factors, share: share * area) }
        return scaled(rows: factors.flatMap { Array(repeating: $0, count: share) })
    }

    /// The bias with what the weights make of an addend on each input channel, summed in double precision.
    func bias(shiftedBy shift: [Float], share: Int) throws(ONNXModelError) -> [Float] {
        var sums = try bias().map { Double($0) }
        if storesRows {
            elements.withUnsafeBytes { source in
                guard let base = source.baseAddress else { return }
                conn_add_products(base, outputs, inputs * area, shift, share * area, &sums)
            }
        } else {
            let values = try weights.floats()
            for input in 0..<inputs {
                for output in 0..<outputs {
                    sums[output] += Double(values[input * outputs + output]) * Double(shift[input / share])
                }
            }
        }
        return sums.map { Float($0) }
    }

    /// Gives the node at `position` new weights and a bias.
    func install(_ graph: inout Graph, _ position: Int, weights: Tensor, bias: [Float]) throws(ONNXModelError) {
        let output = graph.nodes[position].outputs[0]
        let weightsName = graph.freshName("\(self.weights.name)_folded")
        graph.initializers.append(weights.reshaped(weights.dims, name: weightsName))
        let biasName = graph.freshName("\(biasTensor?.name ?? "\(output)_bias")_folded")
        graph.initializers.append(Tensor(name: biasName, dims: [outputs], floats: bias))
        graph.nodes[position].inputs = [graph.nodes[position].inputs[0], weightsName, biasName]
        // The old weights would stay in memory beside the new ones.
        if case .raw(let slice) = self.weights.storage { slice.storage.releasePages() }
    }

    private func scaled(rows: [Float]? = nil, columns: [Float]? = nil, share: Int = 1) -> Tensor {
        let width = weights.count / (storesRows ? outputs : inputs)
        let storage = ByteStorage(count: weights.count * 4) { target in
            elements.withUnsafeBytes { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                let result = to.assumingMemoryBound(to: Float.self)
                conn_scale_matrix(from, weights.count / width, width, rows, columns, share, result)
            }
        }
        return Tensor(name: weights.name, type: .float, dims: weights.dims, storage: .raw(ByteSlice(storage)))
    }
}

extension Node {
    /// Whether a `Gemm` is a product and an addend and nothing else.
    fileprivate var isPlainGemm: Bool {
        int("transA") ?? 0 == 0 && float("alpha") ?? 1 == 1 && float("beta") ?? 1 == 1
    }
}

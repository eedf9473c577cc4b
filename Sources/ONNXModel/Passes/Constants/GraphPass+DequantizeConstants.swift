extension GraphPass {
    /// Replaces `DequantizeLinear` of constants by the float32 weights: per tensor, per axis and in blocks.
    ///
    /// ONNX Runtime refuses one scale together with `block_size`, and computes the others anew in each run.
    package static let dequantizeConstants = GraphPass(
        "dequantise weights", reason: "runtimes dequantise anew in each run, or refuse blocks"
    ) { model throws(ONNXModelError) in
        let index = GraphIndex(model.graph)
        var removed = Set<Int>()
        for (position, node) in model.graph.nodes.enumerated() where node.isOperator("DequantizeLinear") {
            guard let output = node.outputs.first, !index.outputs.contains(output),
                let weights = try node.dequantized(in: model.graph, index, name: output)
            else { continue }
            model.graph.initializers.append(weights)
            removed.insert(position)
        }
        guard !removed.isEmpty else { return [] }
        model.graph.removeNodes(removed)
        return ["\(counted(removed.count, "tensor")) made float32"]
    }
}

extension Node {
    /// The float32 tensor that this `DequantizeLinear` gives, or nil if it depends on the image or gives another type.
    fileprivate func dequantized(
        in graph: Graph, _ index: GraphIndex, name: String
    ) throws(ONNXModelError) -> Tensor? {
        guard let quantized = graph.constant(self, 0, index), let scale = graph.constant(self, 1, index),
            scale.type == .float
        else { return nil }
        let hasZero = inputs.count > 2 && !inputs[2].isEmpty
        let zero = graph.constant(self, 2, index)
        guard !hasZero || zero != nil else { return nil }

        let layout = Dequantization(
            dims: quantized.dims, scaleDims: scale.dims, axis: Int(int("axis") ?? 1),
            blockSize: Int(int("block_size") ?? 0))
        guard let layout, zero.map({ $0.count == scale.count }) ?? true else {
            throw ONNXModelError(
                .invalidTensor,
                "scales of shape \(scale.dims) don't fit weights of shape \(quantized.dims)",
                at: text, mend: "quantise or export the model again")
        }
        let scales = try scale.floats()
        let zeros = try zero?.int64s() ?? []
        try quantized.validate()

        let storage: ByteStorage
        if case .raw(let slice) = quantized.storage, quantized.type == .int8 {
            storage = slice.withUnsafeBytes { layout.apply($0, as: Int8.self, scales: scales, zeros: zeros) }
        } else if case .raw(let slice) = quantized.storage, quantized.type == .uint8 {
            storage = slice.withUnsafeBytes { layout.apply($0, as: UInt8.self, scales: scales, zeros: zeros) }
        } else {
            let values = try quantized.int64s()
            storage = values.withUnsafeBytes { layout.apply($0, as: Int64.self, scales: scales, zeros: zeros) }
        }
        return Tensor(name: name, type: .float, dims: quantized.dims, storage: .raw(ByteSlice(storage)))
    }
}

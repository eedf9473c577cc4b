internal import ONNXModel

/// Nodes with weights.
extension GraphReader {
    mutating func readConvolution(_ node: Node, of input: Int, image: ImageValue?) throws(CUDAEngineError) {
        let shape = network.shapes[input]
        let group = Int(clamping: node.int("group") ?? 1)
        guard let tensor = graph.constant(node, 1, index), tensor.dims.count == 4, tensor.count > 0,
            tensor.type == .float
        else { throw Self.unsupported(node, "its weights aren't constants of a 2-D convolution") }
        let window = try window(node, rows: tensor.dims[2], columns: tensor.dims[3])
        guard let size = window.output(of: shape) else {
            throw Self.unsupported(node, "its window doesn't fit the image of \(shape)")
        }
        let output = ActivationShape(size.height, size.width, tensor.dims[0])
        guard group > 0, tensor.dims[1] * group == shape.channels, output.channels % group == 0 else {
            throw Self.unsupported(node, "its weights aren't for \(shape.channels) channels")
        }
        let isDepthwise = group > 1 && group == shape.channels && group == output.channels
        var weights = WeightMatrix(
            try floats(of: tensor, node), outputs: output.channels, inputs: tensor.dims[1], area: window.area)
        // Few networks have groups of several channels, and those few groups: zeros between them cost little.
        if group > 1, !isDepthwise { weights = weights.expanding(groups: group) }
        let bias = try bias(node, count: output.channels)
        guard let image else {
            let kind: FusedOperation.Kind =
                isDepthwise ? .depthwise : window.coversWhole(shape) ? .fullyConnected : .convolution
            _ = append(node, kind, of: input, window, weights, bias: bias, to: output)
            return
        }
        guard image.isPlanar, !isDepthwise, !network.operations.contains(where: { $0.kind == .stem }) else {
            throw Self.unsupported(node, "the image must go into one plain convolution")
        }
        network.mean = image.mean
        let position = append(
            node, .stem, of: 0, window, weights.reorderingInputs(image.order), bias: bias, to: output)
        let scale = image.order.indices.map { pixel in image.scale[image.order.firstIndex(of: pixel) ?? 0] }
        let shift = image.order.indices.map { pixel in image.shift[image.order.firstIndex(of: pixel) ?? 0] }
        guard network.operations[position].absorb(scale: scale, shift: shift, of: shape, giving: output) else {
            throw Self.unsupported(node, "the image's normalisation can't be put into its weights")
        }
    }

    /// `Gemm` of an image laid out in a row. Its columns are in the order of channels, rows, columns of the image.
    mutating func readFullyConnected(_ node: Node) throws(CUDAEngineError) {
        let input = try number(node, 0)
        let shape = network.shapes[input]
        guard let tensor = graph.constant(node, 1, index), tensor.dims.count == 2, tensor.type == .float,
            node.int("transA") ?? 0 == 0, node.float("alpha") ?? 1 == 1, node.float("beta") ?? 1 == 1
        else { throw Self.unsupported(node, "its weights aren't constants of a plain product") }
        let isTransposed = node.int("transB") == 1
        let (outputs, inputs) = isTransposed ? (tensor.dims[0], tensor.dims[1]) : (tensor.dims[1], tensor.dims[0])
        guard inputs == shape.count, outputs > 0 else {
            throw Self.unsupported(node, "\(inputs) columns of weights meet an image of \(shape)")
        }
        var values = try floats(of: tensor, node)
        if !isTransposed { values = WeightMatrix.transposed(values, rows: inputs, columns: outputs) }
        let weights = WeightMatrix(
            values, outputs: outputs, inputs: shape.channels, area: shape.height * shape.width)
        _ = append(
            node, .fullyConnected, of: input, .whole(shape), weights, bias: try bias(node, count: outputs),
            to: ActivationShape(1, 1, outputs))
    }

    private func bias(_ node: Node, count: Int) throws(CUDAEngineError) -> [Float] {
        guard node.inputs.count > 2, !node.inputs[2].isEmpty else { return Array(repeating: 0, count: count) }
        guard let tensor = graph.constant(node, 2, index), tensor.count == count, tensor.type == .float else {
            throw Self.unsupported(node, "its bias isn't a constant of one number a channel")
        }
        return try floats(of: tensor, node)
    }

    private func floats(of tensor: Tensor, _ node: Node) throws(CUDAEngineError) -> [Float] {
        guard let bytes = tensor.littleEndianBytes, bytes.count == tensor.count * 4 else {
            throw CUDAEngineError(
                .unusableWeights, "the constant '\(tensor.name)' is damaged", at: node.text,
                mend: "export the model again")
        }
        return [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            count = tensor.count
        }
    }

    private func window(_ node: Node, rows: Int, columns: Int) throws(CUDAEngineError) -> Window {
        let strides = node.ints("strides") ?? [1, 1]
        let pads = node.ints("pads") ?? [0, 0, 0, 0]
        let dilations = node.ints("dilations") ?? [1, 1]
        guard strides.count == 2, strides.allSatisfy({ (1...16).contains($0) }), pads.count == 4,
            pads.allSatisfy({ (0...64).contains($0) }), (1...64).contains(rows), (1...64).contains(columns),
            dilations.allSatisfy({ $0 == 1 }), ["NOTSET", "VALID"].contains(node.string("auto_pad") ?? "NOTSET")
        else { throw Self.unsupported(node, "a convolution with dilation, automatic padding or an odd window") }
        return Window(
            height: rows, width: columns, strideY: Int(strides[0]), strideX: Int(strides[1]), top: Int(pads[0]),
            left: Int(pads[1]), bottom: Int(pads[2]), right: Int(pads[3]))
    }
}

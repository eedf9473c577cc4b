/// The start of every prepared graph: `Cast` of the uint8 image, `Transpose` to NCHW, `Sub` of the mean.
///
/// Division by the scale and the order of channels go into the first convolution's weights, which changes nothing else:
/// zero padding stays zero. Where no single convolution takes the image, they are a `Mul` and a `Gather`.
struct FaceHead {
    /// Name of the graph's input.
    let input: String
    /// Height and width of the input; names for free sizes.
    let size: (Dimension.Size, Dimension.Size)
    /// Subtracted from each pixel; nil leaves the `Sub` out.
    var mean: Float?
    /// Divides what is left.
    var scale: Float = 1
    /// Whether the network wants RGB; the image is BGR.
    var swapsChannels = false

    /// Puts the head in front of the value `image` (its shape `layout`) and in place of the graph's input.
    ///
    /// The nodes between the old input and `image` must be gone already.
    func install(_ graph: inout Graph, image: String, layout: ImageInput.Layout) throws(ONNXModelError) -> [String] {
        graph.inputs = []
        let float = graph.freshName("\(input)_float")
        let planar = graph.freshName("\(input)_nchw")
        var nodes = [
            Node("Cast", [input], [float], [Attribute("to", .int(Int64(ElementType.float.rawValue)))]),
            Node("Transpose", [float], [planar], [Attribute("perm", .ints([0, 3, 1, 2]))]),
        ]
        var current = planar
        if let mean {
            let name = graph.freshName("\(input)_mean")
            let centred = graph.freshName("\(input)_centred")
            graph.initializers.append(Tensor(name: name, dims: [], floats: [mean]))
            nodes.append(Node("Sub", [current, name], [centred]))
            current = centred
        }
        var notes: [String] = []
        if scale != 1 || swapsChannels {
            if layout == .nchw, try foldIntoConvolution(&graph, image: image) {
                notes.append("scale and channel order folded into the first convolution")
            } else {
                current = explicit(&graph, &nodes, current)
                notes.append("scale and channel order kept as nodes: no single convolution takes the image")
            }
        }
        if layout == .nhwc {
            let interleaved = graph.freshName("\(input)_nhwc")
            nodes.append(Node("Transpose", [current], [interleaved], [Attribute("perm", .ints([0, 2, 3, 1]))]))
            current = interleaved
        }
        graph.redirect([image: current])
        graph.nodes = nodes + graph.nodes
        graph.inputs = [ValueInfo(input, .uint8, [.named(GraphPass.batchName), size.0, size.1, .value(3)])]
        return notes
    }

    private func explicit(_ graph: inout Graph, _ nodes: inout [Node], _ value: String) -> String {
        var current = value
        if scale != 1 {
            let name = graph.freshName("\(input)_scale")
            let scaled = graph.freshName("\(input)_scaled")
            graph.initializers.append(Tensor(name: name, dims: [], floats: [1 / scale]))
            nodes.append(Node("Mul", [current, name], [scaled]))
            current = scaled
        }
        if swapsChannels {
            let name = graph.freshName("\(input)_order")
            let swapped = graph.freshName("\(input)_rgb")
            graph.initializers.append(Tensor(name: name, dims: [3], int64s: [2, 1, 0]))
            nodes.append(Node("Gather", [current, name], [swapped], [Attribute("axis", .int(1))]))
            current = swapped
        }
        return current
    }

    /// Divides the first convolution's weights by the scale and swaps their channels, if it alone takes the image.
    private func foldIntoConvolution(_ graph: inout Graph, image: String) throws(ONNXModelError) -> Bool {
        let index = GraphIndex(graph)
        guard let position = index.soleConsumer(of: image) else { return false }
        let node = graph.nodes[position]
        guard node.isOperator("Conv"), node.inputs.filter({ $0 == image }).count == 1, node.inputs[0] == image,
            node.int("group") ?? 1 == 1, let weights = graph.constant(node, 1, index), weights.type == .float,
            weights.dims.count == 4, weights.dims[1] == 3
        else { return false }
        let source = try weights.floats()
        let area = weights.dims[2] * weights.dims[3]
        guard area > 0 else { return false }
        var folded = source
        for place in source.indices {
            let plane = place / area
            let channel = swapsChannels ? 2 - plane % 3 : plane % 3
            folded[place] = source[(plane / 3 * 3 + channel) * area + place % area] / scale
        }
        let name = graph.freshName("\(weights.name)_for_bytes")
        graph.initializers.append(Tensor(name: name, dims: weights.dims, floats: folded))
        graph.nodes[position].inputs[1] = name
        return true
    }
}

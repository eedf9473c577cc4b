extension GraphPass {
    /// Puts scales and shifts of channels into the weights of the `Conv` or `Gemm` beside them.
    ///
    /// Behind a layer always, since it is exact there. In front of one only where no zero padding lies between: a padded
    /// border stands for 0 after the normalisation, and no weight can say that.
    package static let foldBatchNormalization = GraphPass(
        "fold normalisation", reason: "each costs a pass over the image that the layer beside it can do"
    ) { model throws(ONNXModelError) in
        var folded = 0
        // A fold can bring the next layer beside another normalisation, so look until there is none.
        while true {
            let index = GraphIndex(model.graph)
            var fold = NormalizationFold(graph: model.graph, index: index)
            for position in model.graph.nodes.indices { try fold.visit(position) }
            guard !fold.removed.isEmpty else { break }
            folded += fold.removed.count
            model.graph = fold.graph
            model.graph.removeNodes(fold.removed)
            model.graph.redirect(fold.replacements)
            _ = try unusedInitializers.run(&model)
        }
        return folded == 0 ? [] : ["\(counted(folded, "node")) folded into weights"]
    }
}

/// One round of folds, each with a layer of its own.
private struct NormalizationFold {
    var graph: Graph
    let index: GraphIndex
    var removed = Set<Int>()
    var replacements: [String: String] = [:]
    private var changed = Set<Int>()

    init(graph: Graph, index: GraphIndex) {
        self.graph = graph
        self.index = index
    }

    mutating func visit(_ position: Int) throws(ONNXModelError) {
        guard !changed.contains(position), let layer = LinearLayer(graph.nodes[position], graph, index) else { return }
        if try foldBehind(position, layer) { return }
        try foldInFront(position, layer)
    }

    /// Layer → affine: the layer gives what the affine gave.
    private mutating func foldBehind(_ position: Int, _ layer: LinearLayer) throws(ONNXModelError) -> Bool {
        guard let output = graph.nodes[position].outputs.first, let next = index.soleConsumer(of: output),
            !changed.contains(next),
            let affine = try ChannelAffine(
                graph.nodes[next], graph, index, channels: layer.outputs, rank: layer.rank),
            affine.input == output
        else { return false }
        try layer.install(
            &graph, position, weights: layer.scaled(outputsBy: affine.scale),
            bias: zip(zip(try layer.bias(), affine.scale), affine.shift).map {
                Float(Double($0.0) * Double($0.1) + Double($1))
            })
        graph.nodes[position].outputs[0] = graph.nodes[next].outputs[0]
        take([position, next], removing: next)
        return true
    }

    /// Batch normalisation → layer, with nothing but a `Flatten` between: the layer takes what the normalisation took.
    private mutating func foldInFront(_ position: Int, _ layer: LinearLayer) throws(ONNXModelError) {
        guard !layer.hasPadding else { return }
        var value = graph.nodes[position].inputs[0]
        var area = 1
        var between: Int?
        if !layer.isConvolution, let source = index.producer[value], graph.nodes[source].isOperator("Flatten"),
            graph.nodes[source].int("axis") ?? 1 == 1, index.soleConsumer(of: value) == position,
            let flattened = graph.nodes[source].inputs.first
        {
            between = source
            value = flattened
        }
        guard let source = index.producer[value], !changed.contains(source), layer.groups == 1,
            index.soleConsumer(of: value) == between ?? position,
            let affine = try BatchNormalizationConstants(graph.nodes[source], graph, index)
        else { return }
        if between != nil {
            guard layer.inputs % affine.scale.count == 0 else { return }
            area = layer.inputs / affine.scale.count
        }
        guard affine.scale.count * area == layer.inputs else { return }
        try layer.install(
            &graph, position, weights: layer.scaled(inputsBy: affine.scale, share: area),
            bias: try layer.bias(shiftedBy: affine.shift, share: area))
        replacements[graph.nodes[source].outputs[0]] = graph.nodes[source].inputs[0]
        take([position, source], removing: source)
    }

    private mutating func take(_ positions: [Int], removing position: Int) {
        changed.formUnion(positions)
        removed.insert(position)
    }
}

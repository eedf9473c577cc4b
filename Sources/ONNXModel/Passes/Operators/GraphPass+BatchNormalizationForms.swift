extension GraphPass {
    /// Brings `BatchNormalization` of opset 7 and 8 into today's form: `spatial` goes.
    ///
    /// `spatial=0` asks for a scale for each place of the image. Exporters that write it beside one value a channel mean
    /// channels; with a value for each place, a `Mul` and an `Add` do it.
    package static let batchNormalizationForms = GraphPass(
        "batch normalisation", reason: "runtimes refuse spatial=0"
    ) { model throws(ONNXModelError) in
        let index = GraphIndex(model.graph)
        var (cleaned, expanded) = (0, 0)
        var nodes: [Node] = []
        for var node in model.graph.nodes {
            guard node.isOperator("BatchNormalization"), let spatial = node.int("spatial") else {
                nodes.append(node)
                continue
            }
            if spatial == 0, let scale = model.graph.constant(node, 1, index), scale.dims.count > 1 {
                guard let affine = try node.placewise(&model.graph, index) else {
                    nodes.append(node)
                    continue
                }
                nodes += affine
                expanded += 1
            } else {
                node.attributes.removeAll { $0.name == "spatial" }
                nodes.append(node)
                cleaned += 1
            }
        }
        guard cleaned + expanded > 0 else { return [] }
        model.graph.nodes = nodes
        var notes: [String] = []
        if cleaned > 0 { notes.append("'spatial' taken off \(counted(cleaned, "node"))") }
        if expanded > 0 { notes.append("\(counted(expanded, "node")) with a scale a place written as Mul and Add") }
        return notes
    }
}

extension Node {
    /// `Mul` and `Add` with constants of the parameters' shape in place of this node.
    fileprivate func placewise(_ graph: inout Graph, _ index: GraphIndex) throws(ONNXModelError) -> [Node]? {
        guard let affine = try BatchNormalizationConstants(self, graph, index), outputs.count == 1,
            let dims = graph.constant(self, 1, index)?.dims
        else { return nil }
        let scaled = graph.freshName("\(outputs[0])_scaled")
        let scale = graph.freshName("\(outputs[0])_scale")
        let shift = graph.freshName("\(outputs[0])_shift")
        graph.initializers.append(Tensor(name: scale, dims: dims, floats: affine.scale))
        graph.initializers.append(Tensor(name: shift, dims: dims, floats: affine.shift))
        return [Node("Mul", [inputs[0], scale], [scaled]), Node("Add", [scaled, shift], [outputs[0]])]
    }
}

extension GraphPass {
    /// Gives slopes of shape `[C]` the shape `[C,1,1]`.
    ///
    /// ONNX broadcasts from the last dimension, so `[C]` would mean a slope for each column of the image;
    /// exporters that write it mean channels.
    package static let preluSlopes = GraphPass(
        "PReLU slopes", reason: "[C] means a slope for each column of the image, not for each channel"
    ) { model throws(ONNXModelError) in
        let index = GraphIndex(model.graph)
        var shaped: [String: String] = [:]
        var changed = 0
        for (position, node) in model.graph.nodes.enumerated() where node.isOperator("PRelu") {
            guard let slope = model.graph.constant(node, 1, index), slope.dims.count == 1, slope.count > 1,
                model.graph.channels(of: node.inputs[0], index) == slope.count
            else { continue }
            let name = shaped[slope.name] ?? model.graph.freshName("\(slope.name)_per_channel")
            if shaped[slope.name] == nil {
                shaped[slope.name] = name
                model.graph.initializers.append(slope.reshaped([slope.count, 1, 1], name: name))
            }
            model.graph.nodes[position].inputs[1] = name
            changed += 1
        }
        return changed == 0 ? [] : ["\(counted(changed, "slope")) shaped [C,1,1]"]
    }
}

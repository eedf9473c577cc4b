extension GraphPass {
    /// Writes `PRelu` with one slope for all channels as `LeakyRelu`, which ONNX Runtime fuses into the convolution in front.
    package static let sharedSlopes = GraphPass("shared slopes") { model throws(ONNXModelError) in
        let index = GraphIndex(model.graph)
        var changed = 0
        for (position, node) in model.graph.nodes.enumerated() where node.isOperator("PRelu") {
            guard node.outputs.count == 1, let slope = model.graph.constant(node, 1, index), slope.dims.count <= 4,
                slope.type == .float, slope.count == 1, let alpha = slope.uniformFloat(), alpha.isFinite,
                model.graph.channels(of: node.inputs[0], index) != nil
            else { continue }
            model.graph.nodes[position].op = "LeakyRelu"
            model.graph.nodes[position].inputs = [node.inputs[0]]
            model.graph.nodes[position].attributes = [Attribute("alpha", .float(alpha))]
            changed += 1
        }
        return changed == 0 ? [] : ["\(counted(changed, "PRelu")) written as LeakyRelu"]
    }
}

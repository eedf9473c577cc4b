extension GraphPass {
    /// The opset that prepared graphs have at least: from 13 on, `DequantizeLinear` knows a scale for each channel.
    package static let minimumOpset: Int64 = 13

    /// Lifts a graph of opset 7 to 12 to 13 by rewriting the operators whose form has changed since.
    ///
    /// A graph with an operator that can't be rewritten keeps its opset; `OpsetUpgrade.obstacle` names it.
    package static let upgradeOpset = GraphPass(
        "opset", reason: "a scale for each channel needs opset \(minimumOpset)"
    ) { model throws(ONNXModelError) in
        guard let opset = model.opset, opset < minimumOpset else { return [] }
        var upgrade = OpsetUpgrade(model.graph, from: opset)
        guard upgrade.obstacle == nil else { return [] }
        try upgrade.run()
        model.graph = upgrade.graph
        for place in model.operatorSets.indices where ["", "ai.onnx"].contains(model.operatorSets[place].domain) {
            model.operatorSets[place].version = minimumOpset
        }
        // The file format that came with that opset.
        model.irVersion = max(model.irVersion, 7)
        return ["opset \(opset) lifted to \(minimumOpset)"]
    }
}

extension GraphPass {
    /// Removes `Identity` and `Dropout`, which do nothing in inference.
    package static let removeIdentities = GraphPass(
        "remove identities", reason: "nodes that do nothing in inference"
    ) { model throws(ONNXModelError) in
        var replaced = 0
        // A removal can free the next one (a chain that ends in a graph output), so look until there is none.
        while true {
            let index = GraphIndex(model.graph)
            var replacements: [String: String] = [:]
            var removed = Set<Int>()
            var renamed: (old: String, new: String)?
            for (position, node) in model.graph.nodes.enumerated() where node.isIdentity(model.graph, index) {
                let input = node.inputs[0]
                let output = node.outputs[0]
                if !index.outputs.contains(output) {
                    replacements[output] = input
                } else if renamed == nil, replacements.isEmpty, index.producer[input] != nil,
                    !index.outputs.contains(input)
                {
                    // The output's name must stay, so the value in front takes it over.
                    renamed = (input, output)
                } else {
                    continue
                }
                removed.insert(position)
                if renamed != nil { break }
            }
            guard !removed.isEmpty else { break }
            replaced += removed.count
            model.graph.removeNodes(removed)
            model.graph.redirect(replacements)
            if let renamed { model.graph.rename(renamed.old, to: renamed.new) }
        }
        return replaced == 0 ? [] : ["\(counted(replaced, "node")) removed"]
    }
}

extension Node {
    /// Whether the node hands its input on as it is. A Dropout whose mask is used, or that may drop, is none.
    fileprivate func isIdentity(_ graph: Graph, _ index: GraphIndex) -> Bool {
        guard let input = inputs.first, !input.isEmpty, let output = outputs.first, !output.isEmpty else {
            return false
        }
        if isOperator("Identity") { return true }
        guard isOperator("Dropout") else { return false }
        if inputs.count > 2, !inputs[2].isEmpty {
            guard let training = graph.constant(self, 2, index), (try? training.int64s()) == [0] else { return false }
        }
        return outputs.dropFirst().allSatisfy {
            $0.isEmpty || index.consumers[$0] == nil && !index.outputs.contains($0)
        }
    }
}

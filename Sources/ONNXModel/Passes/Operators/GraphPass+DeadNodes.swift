extension GraphPass {
    /// Drops nodes that no output depends on.
    package static let deadNodes = GraphPass(
        "dead nodes", reason: "nothing depends on them"
    ) { model throws(ONNXModelError) in
        let index = GraphIndex(model.graph)
        var alive = Set<Int>()
        var open = model.graph.outputs.compactMap { index.producer[$0.name] }
        while let position = open.popLast() {
            guard alive.insert(position).inserted else { continue }
            open += model.graph.nodes[position].uses.compactMap { index.producer[$0] }
        }
        let dead = Set(model.graph.nodes.indices).subtracting(alive)
        guard !dead.isEmpty else { return [] }
        model.graph.removeNodes(dead)
        return ["\(counted(dead.count, "node")) dropped"]
    }

    /// Drops constants that nothing takes.
    package static let unusedInitializers = GraphPass(
        "unused initialisers", reason: "nothing takes them"
    ) { model throws(ONNXModelError) in
        let used = Set(model.graph.nodes.flatMap(\.uses)).union(model.graph.outputs.map(\.name))
        let before = model.graph.initializers.count
        model.graph.initializers.removeAll { !used.contains($0.name) }
        let dropped = before - model.graph.initializers.count
        return dropped == 0 ? [] : ["\(counted(dropped, "constant")) dropped"]
    }

    /// Drops inputs that nothing takes, which runtimes would ask for in each run all the same.
    package static let unusedInputs = GraphPass(
        "unused inputs", reason: "runtimes ask for them in each run"
    ) { model throws(ONNXModelError) in
        let used = Set(model.graph.nodes.flatMap(\.uses)).union(model.graph.outputs.map(\.name))
        let before = model.graph.inputs.count
        model.graph.inputs.removeAll { !used.contains($0.name) }
        let dropped = before - model.graph.inputs.count
        return dropped == 0 ? [] : ["\(counted(dropped, "input")) dropped"]
    }
}

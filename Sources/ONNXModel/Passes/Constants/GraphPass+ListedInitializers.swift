extension GraphPass {
    /// Takes constants off the list of inputs, so that runtimes know them to be constant and ask nobody for them.
    ///
    /// Files before version 4 of the format had to list them; such a file becomes version 4.
    package static let listedInitializers = GraphPass(
        "listed initialisers", reason: "runtimes take them for inputs that may change"
    ) { model throws(ONNXModelError) in
        let constants = Set(model.graph.initializers.map(\.name))
        let listed = model.graph.inputs.filter { constants.contains($0.name) }
        guard !listed.isEmpty else { return [] }
        model.graph.inputs.removeAll { constants.contains($0.name) }
        model.irVersion = max(model.irVersion, 4)
        return ["\(counted(listed.count, "constant")) no longer listed as inputs"]
    }
}

/// A graph of operations: constants and inputs flow through nodes into outputs.
package struct Graph: Sendable {
    /// The graph's name.
    package var name = ""
    /// The operations, each behind those whose values it takes.
    package var nodes: [Node] = []
    /// The constants.
    package var initializers: [Tensor] = []
    /// The inputs; old files list constants here as well.
    package var inputs: [ValueInfo] = []
    /// The outputs.
    package var outputs: [ValueInfo] = []
    /// What the exporter knew of values inside.
    package var valueInfos: [ValueInfo] = []
    var unknown = RawFields()

    /// A graph of nothing.
    package init() {}

    /// Names that the graph takes from the graphs around it.
    var capturedNames: Set<String> {
        var inside = Set(initializers.map(\.name)).union(inputs.map(\.name))
        for node in nodes { inside.formUnion(node.outputs) }
        var used = Set(outputs.map(\.name))
        for node in nodes { used.formUnion(node.uses) }
        return used.subtracting(inside)
    }
}

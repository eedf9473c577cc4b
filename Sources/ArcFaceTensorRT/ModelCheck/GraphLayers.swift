import ONNXModel

/// A value inside a graph that can be compared with another graph's.
struct GraphLayer: Sendable, Equatable {
    /// The value's name.
    let value: String
    /// The operator that gives it.
    let op: String
    /// The name of the node that gives it; may be empty.
    let node: String
    /// Its shape for one face; empty until it was measured.
    var shape: [Int] = []

    /// Numbers that it holds for one face.
    var count: Int { shape.reduce(1, *) }
}

extension Graph {
    /// The values that say something about the computation, in the order of the graph.
    ///
    /// Those that only change a value's format are left out: another precision has others of them.
    var layers: [GraphLayer] {
        let plumbing: Set = [
            "Cast", "Constant", "DequantizeLinear", "DynamicQuantizeLinear", "Identity", "QuantizeLinear", "Shape",
        ]
        let wanted = Set(outputs.map(\.name))
        return nodes.flatMap { node in
            node.outputs.filter { !$0.isEmpty && (!plumbing.contains(node.op) || wanted.contains($0)) }
                .map { GraphLayer(value: $0, op: node.op, node: node.name) }
        }
    }

    /// This graph giving, for each value, its shape; the graph's own outputs are dropped.
    ///
    /// - Returns: the graph, and the names of the outputs in the order of `values`.
    func givingShapes(of values: [String]) -> (graph: Graph, outputs: [String]) {
        giving(values, .int64) { Node("Shape", [$0], [$1]) }
    }

    /// This graph giving the values themselves as float32, whatever they are computed in; its own outputs are dropped.
    ///
    /// - Returns: the graph, and the names of the outputs in the order of `values`.
    func givingFloats(of values: [String]) -> (graph: Graph, outputs: [String]) {
        giving(values, .float) {
            Node("Cast", [$0], [$1], [Attribute("to", .int(Int64(ElementType.float.rawValue)))])
        }
    }

    private func giving(
        _ values: [String], _ element: ElementType, _ node: (String, String) -> Node
    ) -> (graph: Graph, outputs: [String]) {
        var graph = self
        let taken = allNames
        var prefix = "checked"
        while taken.contains(where: { $0.hasPrefix(prefix) }) { prefix += "_" }
        let names = values.indices.map { "\(prefix)_\($0)" }
        graph.nodes += zip(values, names).map(node)
        graph.outputs = names.map { ValueInfo($0, element, nil) }
        return (graph, names)
    }
}

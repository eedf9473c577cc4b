/// Who makes and who takes each value of a graph. A snapshot: edits of the graph don't change it.
package struct GraphIndex: Sendable {
    /// The node that gives a value, by the value's name.
    package let producer: [String: Int]
    /// The nodes that take a value, each once, in order.
    package let consumers: [String: [Int]]
    /// The constant of that name.
    package let initializer: [String: Int]
    /// Names of the graph's outputs.
    package let outputs: Set<String>

    /// Looks through `graph` once.
    package init(_ graph: Graph) {
        var producer: [String: Int] = [:]
        var consumers: [String: [Int]] = [:]
        for (position, node) in graph.nodes.enumerated() {
            for output in node.outputs where !output.isEmpty { producer[output] = position }
            for name in Set(node.uses) { consumers[name, default: []].append(position) }
        }
        self.producer = producer
        self.consumers = consumers
        self.initializer = Dictionary(
            graph.initializers.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.outputs = Set(graph.outputs.map(\.name))
    }

    /// The only node that takes the value, if it is no output of the graph.
    package func soleConsumer(of name: String) -> Int? {
        guard !outputs.contains(name), let all = consumers[name], all.count == 1 else { return nil }
        return all[0]
    }
}

extension Graph {
    /// The constant that a node takes at `position`, if it is one.
    package func constant(_ node: Node, _ position: Int, _ index: GraphIndex) -> Tensor? {
        guard position < node.inputs.count, let slot = index.initializer[node.inputs[position]] else { return nil }
        return initializers[slot]
    }
}

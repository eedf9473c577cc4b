extension Graph {
    /// Lets every node take `replacements[name]` where it took `name`; outputs of the graph keep their names.
    package mutating func redirect(_ replacements: [String: String]) {
        guard !replacements.isEmpty else { return }
        func resolve(_ name: String) -> String {
            var current = name
            var steps = 0
            while let next = replacements[current], steps < replacements.count {
                current = next
                steps += 1
            }
            return current
        }
        for position in nodes.indices { nodes[position].mapInputs(resolve) }
    }

    /// Gives a value another name wherever it is made, taken or declared.
    package mutating func rename(_ old: String, to new: String) {
        guard old != new else { return }
        func resolve(_ name: String) -> String { name == old ? new : name }
        for position in nodes.indices {
            nodes[position].mapInputs(resolve)
            nodes[position].outputs = nodes[position].outputs.map(resolve)
        }
        for position in initializers.indices where initializers[position].name == old {
            initializers[position].name = new
        }
        for position in inputs.indices where inputs[position].name == old { inputs[position].name = new }
        for position in outputs.indices where outputs[position].name == old { outputs[position].name = new }
    }

    /// A name that no value of the graph has yet: `base`, or `base` with a number behind it.
    package func freshName(_ base: String) -> String {
        let taken = allNames
        guard taken.contains(base) else { return base }
        var number = 2
        while taken.contains("\(base)_\(number)") { number += 1 }
        return "\(base)_\(number)"
    }

    /// Gives the value of that name another one, if there is such a value, so that the name is free.
    ///
    /// - Returns: the name that the value has now.
    package mutating func vacate(_ name: String) -> String {
        let moved = freshName(name)
        rename(name, to: moved)
        return moved
    }

    /// All names of values, those inside nodes' own graphs included.
    package var allNames: Set<String> {
        var names = Set(initializers.map(\.name)).union(inputs.map(\.name)).union(outputs.map(\.name))
        for node in nodes {
            names.formUnion(node.inputs)
            names.formUnion(node.outputs)
            for inner in node.graphs { names.formUnion(inner.allNames) }
        }
        return names
    }

    /// Removes the nodes at `positions`.
    package mutating func removeNodes(_ positions: Set<Int>) {
        guard !positions.isEmpty else { return }
        nodes = nodes.enumerated().filter { !positions.contains($0.offset) }.map(\.element)
    }
}

extension Node {
    /// Renames what the node takes, inside its own graphs too.
    fileprivate mutating func mapInputs(_ rename: (String) -> String) {
        inputs = inputs.map { $0.isEmpty ? $0 : rename($0) }
        for position in attributes.indices {
            guard case .graph(var graph) = attributes[position].value else { continue }
            for inner in graph.nodes.indices { graph.nodes[inner].mapInputs(rename) }
            for output in graph.outputs.indices { graph.outputs[output].name = rename(graph.outputs[output].name) }
            attributes[position].value = .graph(graph)
        }
    }
}

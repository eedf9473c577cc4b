extension Graph {
    /// Puts each node behind those whose values it takes; an order that is right already stays.
    ///
    /// - Throws: `cyclicGraph` naming a node on a cycle.
    package mutating func sortNodes() throws(ONNXModelError) {
        let index = GraphIndex(self)
        let takes = nodes.map { Set($0.uses.compactMap { index.producer[$0] }) }
        if takes.enumerated().allSatisfy({ position, sources in sources.allSatisfy { $0 < position } }) { return }

        var waiting = takes.map(\.count)
        var takers: [[Int]] = Array(repeating: [], count: nodes.count)
        for (position, sources) in takes.enumerated() {
            for source in sources { takers[source].append(position) }
        }
        var order: [Int] = []
        order.reserveCapacity(nodes.count)
        order.append(contentsOf: waiting.indices.filter { waiting[$0] == 0 })
        var next = 0
        while next < order.count {
            for taker in takers[order[next]] {
                waiting[taker] -= 1
                if waiting[taker] == 0 { order.append(taker) }
            }
            next += 1
        }
        guard order.count == nodes.count else {
            let stuck = waiting.firstIndex { $0 > 0 }.map { nodes[$0].text } ?? ""
            throw ONNXModelError(
                .cyclicGraph, "the graph has a cycle", at: stuck, mend: "export the model again")
        }
        nodes = order.map { nodes[$0] }
    }
}

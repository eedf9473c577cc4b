/// What can be quantised in a graph, and which values have to be measured for it.
package struct Int8Layout: Sendable {
    /// A residual addition, whose shortcut is quantised on one scale with everything else that takes that value.
    struct Residual: Sendable, Equatable {
        /// The addition's output, which names it.
        let output: String
        let text: String
        /// The value that comes from further up.
        let shortcut: String
    }

    /// For whom the graph is written.
    package let target: Int8Target
    /// The layers, in the graph's order.
    package let layers: [Int8Layer]
    let residuals: [Residual]
    /// What can be quantised or left in floating point each by itself, by the name of its output, in the graph's order.
    package let units: [String]
    /// The unit's operator and name, for people, by the name of its output.
    package let texts: [String: String]
    /// Values whose ranges decide on scales, each once, in the graph's order.
    package let measured: [String]

    /// Looks through a prepared float32 graph.
    package init(_ graph: Graph, target: Int8Target) {
        let index = GraphIndex(graph)
        var layers: [Int8Layer] = []
        var residuals: [Residual] = []
        var units: [(output: String, text: String)] = []
        var measured: [String] = []
        for node in graph.nodes {
            if let layer = Int8Layer(node, graph, index) {
                let isOutput = index.outputs.contains(layer.output)
                // A convolution has no form that takes bytes and gives floats here; a Gemm has.
                if isOutput, target.quantizesOutputs, node.isOperator("Conv") { continue }
                layers.append(layer)
                units.append((layer.output, layer.text))
                measured.append(layer.input)
                if target.quantizesOutputs, !isOutput { measured.append(layer.output) }
            } else if target.quantizesShortcuts, let residual = Residual(node, graph, index) {
                residuals.append(residual)
                units.append((residual.output, residual.text))
                measured.append(residual.shortcut)
            }
        }
        self.target = target
        self.layers = layers
        self.residuals = residuals
        self.units = units.map(\.output)
        texts = Dictionary(units.map { ($0.output, $0.text) }, uniquingKeysWith: { first, _ in first })
        var seen = Set<String>()
        self.measured = measured.filter { seen.insert($0).inserted }
    }
}

extension Int8Layout.Residual {
    /// An addition of a convolution's output, which nothing else takes, and another value.
    init?(_ node: Node, _ graph: Graph, _ index: GraphIndex) {
        guard node.isOperator("Add"), node.inputs.count == 2, let output = node.outputs.first,
            node.inputs.allSatisfy({ index.initializer[$0] == nil }), node.inputs[0] != node.inputs[1],
            let branch = node.inputs.firstIndex(where: { name in
                guard let producer = index.producer[name], index.soleConsumer(of: name) != nil else { return false }
                return graph.nodes[producer].isOperator("Conv")
            })
        else { return nil }
        self.init(output: output, text: node.text, shortcut: node.inputs[1 - branch])
    }
}

/// The output of a graph that is the embedding.
struct EmbeddingOutput {
    /// Wider ones are damage: the network would have to have terabytes of weights.
    private static let widths = 2...65_536

    let name: String
    let width: Int
    /// Whether the shape is `[N,D,1,1]`.
    let isSpatial: Bool

    /// Picks the output float32 `[N,D]` or `[N,D,1,1]`.
    ///
    /// - Throws: `notFaceModel` if there is none, or several.
    static func find(in graph: Graph) throws(ONNXModelError) -> EmbeddingOutput {
        let index = GraphIndex(graph)
        let candidates = graph.outputs.compactMap { EmbeddingOutput($0, graph, index) }
        guard let only = candidates.first else {
            throw ONNXModelError(
                .notFaceModel, "an output float32 [N,D] was expected, found \(list(graph.outputs))",
                mend: "give a face recognition model")
        }
        guard candidates.count == 1 else {
            throw ONNXModelError(
                .notFaceModel, "several outputs could be the embedding: \(list(graph.outputs))",
                mend: "export the model with the embedding as its only output")
        }
        return only
    }

    private static func list(_ outputs: [ValueInfo]) -> String {
        outputs.isEmpty ? "none" : outputs.prefix(6).map(\.text).joined(separator: ", ")
    }

    private init?(_ output: ValueInfo, _ graph: Graph, _ index: GraphIndex) {
        guard let type = output.tensor, type.element == .float else { return nil }
        let shape = type.shape
        let rank = shape?.count ?? 2
        let isSpatial = rank == 4 && shape?[2].value == 1 && shape?[3].value == 1
        guard rank == 2 || isSpatial else { return nil }
        let declared = shape.flatMap { $0[1].value }
        guard let width = declared ?? Self.width(of: output.name, graph, index), Self.widths.contains(width) else {
            return nil
        }
        self.name = output.name
        self.width = width
        self.isSpatial = isSpatial
    }

    /// The width of a `[N,D]` value whose shape isn't declared, from the constants that made it.
    private static func width(of name: String, _ graph: Graph, _ index: GraphIndex) -> Int? {
        var current = name
        for _ in 0...graph.nodes.count {
            guard let position = index.producer[current] else { return nil }
            let node = graph.nodes[position]
            switch node.op {
            case "Gemm":
                guard let weights = graph.constant(node, 1, index), weights.dims.count == 2 else { return nil }
                return weights.dims[node.int("transB") == 1 ? 0 : 1]
            case "MatMul":
                guard let weights = graph.constant(node, 1, index), weights.dims.count == 2 else { return nil }
                return weights.dims[1]
            case "BatchNormalization": return graph.constant(node, 1, index)?.count
            case "Add", "Sub", "Mul", "Div", "Identity", "LpNormalization":
                guard let source = node.inputs.first(where: { index.initializer[$0] == nil }) else { return nil }
                current = source
            default: return nil
            }
        }
        return nil
    }
}

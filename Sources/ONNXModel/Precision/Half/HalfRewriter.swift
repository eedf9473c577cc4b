/// Writes a plan into a graph: constants in float16, and a `Cast` where a value crosses between the formats.
///
/// No node is left with inputs of two formats, which strongly typed builders refuse. A value keeps its name in the format in which
/// it is made; its copy in the other has a name of its own.
struct HalfRewriter {
    private let plan: HalfPlan
    private var weights: HalfWeights
    private let graph: Graph
    private var names: Set<String>
    /// Constants that some node needs in float32.
    private let single: Set<String>
    /// Values that are float16.
    private var halves = Set<String>()
    /// The name of a value's copy in the other format.
    private var copies: [String: String] = [:]
    /// Names of the means and variances of folded normalisations, which all nodes of one width share.
    private var shared: [String: String] = [:]
    private var nodes: [Node] = []
    private var constants: [String: Tensor] = [:]
    private var added: [Tensor] = []

    /// Numbers in constants that became float16, and those among them that became zero.
    private(set) var weightCount = 0
    private(set) var flushedCount = 0

    init(_ graph: Graph, plan: HalfPlan, weights: HalfWeights) {
        self.graph = graph
        self.plan = plan
        self.weights = weights
        names = graph.allNames
        var single = Set(graph.outputs.map(\.name))
        for (position, node) in graph.nodes.enumerated() {
            let slots = plan.half.contains(position) ? Set(TypedOperator.of(node)?.slots(of: node) ?? []) : []
            for (slot, name) in node.inputs.enumerated() where !slots.contains(slot) { single.insert(name) }
            for inner in node.graphs { single.formUnion(inner.capturedNames) }
        }
        self.single = single
    }

    /// The graph in the plan's formats.
    mutating func rewritten() throws(ONNXModelError) -> Graph {
        let index = GraphIndex(graph)
        for (position, node) in graph.nodes.enumerated() {
            if plan.half.contains(position) {
                try writeHalf(position, node)
            } else if isExactCast(node), let output = node.outputs.first, !index.outputs.contains(output),
                index.consumers[output, default: []].allSatisfy(plan.half.contains)
            {
                writeCast(node, output)
            } else {
                writeSingle(node)
            }
        }
        var result = graph
        result.nodes = nodes
        result.initializers = graph.initializers.map { constants[$0.name] ?? $0 } + added
        result.valueInfos = []
        return result
    }

    private mutating func writeHalf(_ position: Int, _ original: Node) throws(ONNXModelError) {
        var node = original
        if let folded = plan.normalizations[position] {
            try write(folded, into: &node)
        }
        for slot in TypedOperator.of(original)?.slots(of: original) ?? [] {
            if plan.normalizations[position] != nil, slot > 0 { continue }
            node.inputs[slot] = try half(node.inputs[slot])
        }
        var casts: [Node] = []
        for place in node.outputs.indices where place == 0 || node.op == "Split" {
            let output = node.outputs[place]
            if graph.outputs.contains(where: { $0.name == output }) {
                // The graph's output keeps its name and its float32.
                let inside = fresh("\(output)_half")
                node.outputs[place] = inside
                casts.append(Self.cast(inside, to: .float, output))
                copies[output] = inside
            } else if !output.isEmpty {
                halves.insert(output)
            }
        }
        nodes.append(node)
        nodes += casts
    }

    /// An image's bytes are exact in float16, so they need no way through float32.
    private func isExactCast(_ node: Node) -> Bool {
        guard node.isOperator("Cast"), node.int("to") == Int64(ElementType.float.rawValue),
            let source = node.inputs.first
        else { return false }
        return graph.inputs.contains { $0.name == source && $0.tensor?.element == .uint8 }
    }

    private mutating func writeCast(_ node: Node, _ output: String) {
        nodes.append(Self.cast(node.inputs[0], to: .float16, output, name: node.name))
        halves.insert(output)
    }

    private mutating func writeSingle(_ original: Node) {
        var node = original
        node.inputs = original.inputs.map { single($0) }
        nodes.append(node)
    }

    private mutating func write(_ folded: BatchNormalizationConstants, into node: inout Node) throws(ONNXModelError) {
        let count = folded.scale.count
        let (factors, offsets) = folded.vectors(of: node.outputs[0])
        let vectors = [
            factors, offsets,
            Tensor(name: "batch_norm_mean_\(count)", dims: [count], floats: Array(repeating: 0, count: count)),
            Tensor(name: "batch_norm_variance_\(count)", dims: [count], floats: Array(repeating: 1, count: count)),
        ]
        for (slot, vector) in vectors.enumerated() {
            if slot >= 2, let known = shared[vector.name] {
                node.inputs[slot + 1] = known
                continue
            }
            let name = fresh(vector.name)
            if slot >= 2 { shared[vector.name] = name }
            added.append(try vector.half(name: name).tensor)
            node.inputs[slot + 1] = name
        }
        node.attributes.removeAll { $0.name == "epsilon" }
        node.attributes.append(Attribute("epsilon", .float(0)))
    }

    /// The name under which a value is there in float16.
    private mutating func half(_ name: String) throws(ONNXModelError) -> String {
        if halves.contains(name) { return name }
        if let copy = copies[name] { return copy }
        if let (tensor, loss) = try weights.half(name) {
            weightCount += tensor.count
            flushedCount += loss.flushed
            let isReplaced = !single.contains(name)
            let copy = isReplaced ? name : fresh("\(name)_half")
            copies[name] = copy
            if isReplaced {
                constants[name] = tensor
            } else {
                added.append(tensor.reshaped(tensor.dims, name: copy))
            }
            return copy
        }
        let copy = fresh("\(name)_half")
        nodes.append(Self.cast(name, to: .float16, copy))
        copies[name] = copy
        return copy
    }

    /// The name under which a value is there in float32, if it is a real number at all.
    private mutating func single(_ name: String) -> String {
        guard halves.contains(name) else { return name }
        if let copy = copies[name] { return copy }
        let copy = fresh("\(name)_single")
        nodes.append(Self.cast(name, to: .float, copy))
        copies[name] = copy
        return copy
    }

    private mutating func fresh(_ base: String) -> String {
        var name = base
        while !names.insert(name).inserted { name += "_" }
        return name
    }

    private static func cast(_ input: String, to type: ElementType, _ output: String, name: String? = nil) -> Node {
        var node = Node("Cast", [input], [output], [Attribute("to", .int(Int64(type.rawValue)))])
        if let name { node.name = name }
        return node
    }
}

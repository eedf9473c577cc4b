/// Which nodes of a float32 graph compute in float16, and why the others don't.
struct HalfPlan {
    /// Positions of the nodes that compute in float16.
    private(set) var half = Set<Int>()
    /// Nodes that stay in float32, with the reason, in the graph's order.
    private(set) var kept: [(position: Int, obstacle: HalfObstacle)] = []
    /// The two vectors of each `BatchNormalization` among `half`.
    private(set) var normalizations: [Int: BatchNormalizationConstants] = [:]

    private let graph: Graph
    private let index: GraphIndex
    private let types: ValueTypes
    private let ranges: ActivationRanges?

    /// Looks at all nodes of `graph`, which are in order.
    ///
    /// - Parameters:
    ///   - graph: a prepared float32 graph.
    ///   - weights: the graph's constants; those looked at are rounded.
    ///   - ranges: what values became on faces; nil judges by the constants alone.
    /// - Throws: `invalidTensor` for constants whose bytes don't fit their shapes.
    init(_ graph: Graph, weights: inout HalfWeights, ranges: ActivationRanges?) throws(ONNXModelError) {
        self.graph = graph
        index = GraphIndex(graph)
        types = ValueTypes(graph)
        self.ranges = ranges
        // What a node's own graph takes from outside must stay what that graph expects.
        let captured = graph.nodes.reduce(into: Set<String>()) { names, node in
            for inner in node.graphs { names.formUnion(inner.capturedNames) }
        }
        for (position, node) in graph.nodes.enumerated() {
            guard let rule = TypedOperator.of(node) else {
                if touchesFloats(node) { kept.append((position, .unknownOperator)) }
                continue
            }
            guard types.computing(node) == .float else { continue }
            if rule.needsSingle || node.outputs.contains(where: captured.contains) {
                kept.append((position, .needsSingle))
            } else if let obstacle = try obstacle(position, node, rule, &weights) {
                kept.append((position, obstacle))
            } else {
                half.insert(position)
            }
        }
    }

    /// Whether an operator that isn't typed computes with real numbers. Casts are the boundary itself, not in the way.
    private func touchesFloats(_ node: Node) -> Bool {
        let plain = ["Cast", "Shape", "Size", "Constant", "ConstantOfShape", "QuantizeLinear", "DequantizeLinear"]
        if plain.contains(where: node.isOperator) { return false }
        return node.inputs.contains { types[$0] == .float }
    }

    private mutating func obstacle(
        _ position: Int, _ node: Node, _ rule: TypedOperator, _ weights: inout HalfWeights
    ) throws(ONNXModelError) -> HalfObstacle? {
        let slots = rule.slots(of: node)
        if node.isOperator("BatchNormalization") {
            guard let folded = try BatchNormalizationConstants(node, graph, index), folded.isChannelwise else {
                return .needsSingle
            }
            let vectors = folded.vectors(of: node.outputs[0])
            let factors = try vectors.factors.half(name: "").loss
            let offsets = try vectors.offsets.half(name: "").loss
            if let obstacle = Self.obstacle(factors, isFactor: true) ?? Self.obstacle(offsets, isFactor: false) {
                return obstacle
            }
            normalizations[position] = folded
        } else {
            for slot in slots {
                guard let loss = try weights.half(node.inputs[slot])?.loss else { continue }
                let isFactor = slot == 1 && ["Conv", "ConvTranspose", "Gemm"].contains(node.op)
                let isProduct = ["MatMul", "Mul", "Div"].contains(node.op)
                if let obstacle = Self.obstacle(loss, isFactor: isFactor || isProduct) { return obstacle }
            }
        }
        if let obstacle = measured(node, slots, weights) {
            normalizations[position] = nil
            return obstacle
        }
        return nil
    }

    /// What speaks against a constant. Summands may be small: they vanish beside what they are added to.
    private static func obstacle(_ loss: HalfLoss, isFactor: Bool) -> HalfObstacle? {
        if loss.overflowed > 0 { return .largeConstant(loss.largest) }
        if isFactor, loss.relative > HalfLimits.relativeLoss {
            return .smallConstant(loss.largest, loss: loss.relative)
        }
        return nil
    }

    private func measured(_ node: Node, _ slots: [Int], _ weights: HalfWeights) -> HalfObstacle? {
        guard let ranges else { return nil }
        let taken = slots.map { node.inputs[$0] }.filter { weights[$0] == nil }
        for name in taken + node.outputs {
            guard let range = ranges[name] else { continue }
            if range.magnitude > HalfLimits.largestMeasured { return .largeValue(range.magnitude) }
        }
        for name in node.outputs {
            guard let magnitude = ranges[name]?.magnitude, magnitude > 0 else { continue }
            if magnitude < HalfLimits.smallestNormal { return .smallValue(magnitude) }
        }
        return nil
    }
}

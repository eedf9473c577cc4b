/// The element types of a graph's values, as far as they follow from inputs, constants and operators.
package struct ValueTypes: Sendable {
    private var types: [String: ElementType] = [:]

    /// Infers the types of all values; the graph's nodes are in order.
    package init(_ graph: Graph) {
        for input in graph.inputs { types[input.name] = input.tensor?.element }
        for tensor in graph.initializers { types[tensor.name] = tensor.type }
        for node in graph.nodes {
            let result = type(of: node)
            for (place, output) in node.outputs.enumerated() where !output.isEmpty {
                types[output] = place == 0 || node.op == "Split" ? result : nil
            }
        }
    }

    /// The type of the value of that name; nil if it isn't known.
    package subscript(name: String) -> ElementType? { types[name] }

    /// The type that a node computes in: that of the inputs which share one; nil if the operator or the type is unknown.
    package func computing(_ node: Node) -> ElementType? {
        guard let rule = TypedOperator.of(node) else { return nil }
        return rule.slots(of: node).lazy.compactMap { types[node.inputs[$0]] }.first
    }

    private func type(of node: Node) -> ElementType? {
        guard node.domain.isEmpty || node.domain == "ai.onnx" else { return nil }
        switch node.op {
        case "Cast": return node.int("to").map { ElementType(rawValue: Int32(truncatingIfNeeded: $0)) }
        case "Shape", "Size", "ArgMax", "ArgMin", "NonZero": return .int64
        case "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Not": return .bool
        case "Constant", "ConstantOfShape":
            for case .tensor(let tensor) in node.attributes.map(\.value) { return tensor.type }
            return node.op == "ConstantOfShape" ? .float : nil
        case "DequantizeLinear": return node.inputs.count > 1 ? types[node.inputs[1]] : nil
        case "QuantizeLinear":
            return node.inputs.count > 2 && !node.inputs[2].isEmpty ? types[node.inputs[2]] : .uint8
        default: return computing(node)
        }
    }
}

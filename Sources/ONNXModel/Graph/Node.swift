/// One operation of a graph.
package struct Node: Sendable {
    /// The operator, `Conv`.
    package var op: String
    /// Names of the values it takes; an empty name leaves an optional input out.
    package var inputs: [String]
    /// Names of the values it gives.
    package var outputs: [String]
    /// The node's own name; may be empty.
    package var name: String
    /// The operator set's domain; empty for ONNX's own.
    package var domain = ""
    /// Its parameters.
    package var attributes: [Attribute]
    var unknown = RawFields()

    /// A node of ONNX's own operator set, named after its first output.
    package init(_ op: String, _ inputs: [String], _ outputs: [String], _ attributes: [Attribute] = []) {
        self.op = op
        self.inputs = inputs
        self.outputs = outputs
        self.name = outputs.first ?? ""
        self.attributes = attributes
    }

    /// Whether this is ONNX's own operator of that name.
    package func isOperator(_ name: String) -> Bool {
        op == name && (domain.isEmpty || domain == "ai.onnx")
    }

    /// The integer attribute of that name.
    package func int(_ name: String) -> Int64? {
        for attribute in attributes where attribute.name == name {
            if case .int(let value) = attribute.value { return value }
        }
        return nil
    }

    /// The attribute of that name that holds integers.
    package func ints(_ name: String) -> [Int64]? {
        for attribute in attributes where attribute.name == name {
            if case .ints(let values) = attribute.value { return values }
        }
        return nil
    }

    /// The real number in the attribute of that name.
    package func float(_ name: String) -> Float? {
        for attribute in attributes where attribute.name == name {
            if case .float(let value) = attribute.value { return value }
        }
        return nil
    }

    /// The text in the attribute of that name.
    package func string(_ name: String) -> String? {
        for attribute in attributes where attribute.name == name {
            if case .string(let bytes) = attribute.value { return String(decoding: bytes, as: UTF8.self) }
        }
        return nil
    }

    /// Whether the operator is one of ONNX's own set.
    package var isStandard: Bool { domain.isEmpty || domain == "ai.onnx" }

    /// For error messages: `Conv 'conv_1'`.
    package var text: String {
        name.isEmpty ? "\(op) giving '\(outputs.first ?? "")'" : "\(op) '\(name)'"
    }

    /// The graphs that the node runs.
    package var graphs: [Graph] {
        attributes.compactMap { if case .graph(let graph) = $0.value { graph } else { nil } }
    }

    /// Names of all values it takes from its graph, those used inside its own graphs included.
    package var uses: [String] {
        let own = inputs.filter { !$0.isEmpty }
        let inner = graphs
        return inner.isEmpty ? own : own + inner.flatMap(\.capturedNames)
    }
}

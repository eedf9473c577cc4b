extension GraphPass {
    /// Makes a model that was exported in float16 or bfloat16 float32, so that every later pass sees one format.
    ///
    /// The weights' values stay exactly what they are; activations are no longer rounded in between.
    package static let halfSources = GraphPass("float16 sources") { model throws(ONNXModelError) in
        let count = try model.graph.makeSingle()
        guard count > 0 else { return [] }
        // What was a step between the formats is none any more.
        let types = ValueTypes(model.graph)
        for (position, node) in model.graph.nodes.enumerated()
        where node.isOperator("Cast") && node.int("to") == Int64(ElementType.float.rawValue) {
            guard let input = node.inputs.first, types[input] == .float else { continue }
            model.graph.nodes[position].op = "Identity"
            model.graph.nodes[position].attributes = []
        }
        return ["\(counted(count, "tensor")) made float32"]
    }
}

extension ElementType {
    fileprivate var isShort: Bool { self == .float16 || self == .bfloat16 }
}

extension Graph {
    /// Turns 16-bit reals into float32 wherever a type is written down.
    ///
    /// - Returns: how many constants and declared values changed.
    fileprivate mutating func makeSingle() throws(ONNXModelError) -> Int {
        var count = 0
        for position in initializers.indices where initializers[position].type.isShort {
            let tensor = initializers[position]
            initializers[position] = Tensor(name: tensor.name, dims: tensor.dims, floats: try tensor.floats())
            count += 1
        }
        for position in inputs.indices where inputs[position].makeSingle() { count += 1 }
        for position in outputs.indices where outputs[position].makeSingle() { count += 1 }
        for position in valueInfos.indices { _ = valueInfos[position].makeSingle() }
        for position in nodes.indices { count += try nodes[position].makeSingle() }
        return count
    }
}

extension ValueInfo {
    fileprivate mutating func makeSingle() -> Bool {
        guard case .tensor(var type) = kind, type.element.isShort else { return false }
        type.element = .float
        kind = .tensor(type)
        return true
    }
}

extension Node {
    fileprivate mutating func makeSingle() throws(ONNXModelError) -> Int {
        var count = 0
        for position in attributes.indices {
            switch attributes[position].value {
            case .tensor(let tensor) where tensor.type.isShort:
                attributes[position].value = .tensor(
                    Tensor(name: tensor.name, dims: tensor.dims, floats: try tensor.floats()))
                count += 1
            case .graph(var inner):
                count += try inner.makeSingle()
                attributes[position].value = .graph(inner)
            case .int(let number) where isOperator("Cast") && attributes[position].name == "to":
                guard ElementType(rawValue: Int32(truncatingIfNeeded: number)).isShort else { break }
                attributes[position].value = .int(Int64(ElementType.float.rawValue))
                count += 1
            default: break
            }
        }
        return count
    }
}

/// ONNX models of a few nodes, written field by field in protobuf's wire format.
struct TinyModel {
    enum Dimension {
        case value(Int)
        case symbol(String)
    }

    struct Value {
        var name: String
        var elementType: Int
        var shape: [Dimension]
    }

    struct Node {
        var operation: String
        var inputs: [String]
        var outputs: [String]
        var integers: [String: Int] = [:]
    }

    struct Constant {
        var name: String
        var shape: [Int]
        var values: [Float]
    }

    var opset = 13
    var inputs: [Value]
    var outputs: [Value]
    var nodes: [Node]
    var constants: [Constant] = []

    /// The bytes of the `.onnx` file.
    var bytes: [UInt8] {
        var graph = Wire()
        for node in nodes { graph.message(1, Self.node(node)) }
        graph.text(2, "tiny")
        for constant in constants { graph.message(5, Self.tensor(constant)) }
        for value in inputs { graph.message(11, Self.valueInfo(value)) }
        for value in outputs { graph.message(12, Self.valueInfo(value)) }

        var operatorSet = Wire()
        operatorSet.text(1, "")
        operatorSet.integer(2, opset)
        var model = Wire()
        model.integer(1, 8)
        model.message(7, graph)
        model.message(8, operatorSet)
        return model.bytes
    }

    private static func node(_ node: Node) -> Wire {
        var wire = Wire()
        for input in node.inputs { wire.text(1, input) }
        for output in node.outputs { wire.text(2, output) }
        wire.text(4, node.operation)
        for (name, value) in node.integers {
            var attribute = Wire()
            attribute.text(1, name)
            attribute.integer(3, value)
            attribute.integer(20, 2)
            wire.message(5, attribute)
        }
        return wire
    }

    private static func valueInfo(_ value: Value) -> Wire {
        var shape = Wire()
        for dimension in value.shape {
            var wire = Wire()
            switch dimension {
            case .value(let value): wire.integer(1, value)
            case .symbol(let name): wire.text(2, name)
            }
            shape.message(1, wire)
        }
        var tensor = Wire()
        tensor.integer(1, value.elementType)
        tensor.message(2, shape)
        var type = Wire()
        type.message(1, tensor)
        var wire = Wire()
        wire.text(1, value.name)
        wire.message(2, type)
        return wire
    }

    private static func tensor(_ constant: Constant) -> Wire {
        var wire = Wire()
        for dimension in constant.shape { wire.integer(1, dimension) }
        wire.integer(2, 1)
        wire.text(8, constant.name)
        wire.raw(9, constant.values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) })
        return wire
    }
}

/// Protobuf's wire format, as much as the models above need.
struct Wire {
    private(set) var bytes: [UInt8] = []

    mutating func integer(_ field: Int, _ value: Int) {
        varint(UInt64(field) << 3)
        varint(UInt64(bitPattern: Int64(value)))
    }

    mutating func text(_ field: Int, _ value: String) { raw(field, Array(value.utf8)) }

    mutating func message(_ field: Int, _ value: Wire) { raw(field, value.bytes) }

    mutating func raw(_ field: Int, _ value: [UInt8]) {
        varint(UInt64(field) << 3 | 2)
        varint(UInt64(value.count))
        bytes += value
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// `AttributeProto`: name 1, f 2, i 3, s 4, t 5, g 6, floats 7, ints 8, strings 9, type 20.
extension Attribute {
    private static let message: StaticString = "AttributeProto"

    /// The fields of one attribute before its type says which of them counts.
    private struct Fields {
        var float: Float?
        var int: Int64?
        var string: [UInt8]?
        var tensor: Tensor?
        var graph: Graph?
        var floats: [UInt32] = []
        var ints: [Int64] = []
        var strings: [[UInt8]] = []
    }

    init(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        let start = reader.position
        var name = ""
        var type: Int64 = 0
        var fields = Fields()
        var unknown = RawFields()
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try reader.text(field, of: Self.message)
            case 2: fields.float = try reader.float(field, of: Self.message)
            case 3: fields.int = try reader.integer(field, of: Self.message)
            case 4: fields.string = try reader.bytes(field, of: Self.message)
            case 5: fields.tensor = try Tensor(try reader.message(field, of: Self.message))
            case 6: fields.graph = try Graph(try reader.message(field, of: Self.message))
            case 7: try reader.appendFixed(field, of: Self.message, to: &fields.floats)
            case 8: try reader.appendIntegers(field, of: Self.message, to: &fields.ints)
            case 9: fields.strings.append(try reader.bytes(field, of: Self.message))
            case 20: type = try reader.integer(field, of: Self.message)
            default: unknown.append(reader.raw(field))
            }
        }
        guard let value = Self.value(type, fields) else {
            throw reader.malformed("attribute '\(name)' has type \(type) but no such value", at: start)
        }
        self.init(name, value)
        self.unknown = unknown
    }

    private static func value(_ type: Int64, _ fields: Fields) -> Value? {
        switch type {
        // Protobuf leaves numbers of zero and empty strings out.
        case 1: .float(fields.float ?? 0)
        case 2: .int(fields.int ?? 0)
        case 3: .string(fields.string ?? [])
        case 4: fields.tensor.map { .tensor($0) }
        case 5: fields.graph.map { .graph($0) }
        case 6: .floats(fields.floats.map { Float(bitPattern: $0) })
        case 7: .ints(fields.ints)
        case 8: .strings(fields.strings)
        case 0: untyped(fields)
        default: .other(type)
        }
    }

    /// The first exporters wrote no type: the field that is there tells.
    private static func untyped(_ fields: Fields) -> Value? {
        if let value = fields.float { return .float(value) }
        if let value = fields.int { return .int(value) }
        if let value = fields.string { return .string(value) }
        if let value = fields.tensor { return .tensor(value) }
        if let value = fields.graph { return .graph(value) }
        if !fields.floats.isEmpty { return .floats(fields.floats.map { Float(bitPattern: $0) }) }
        if !fields.ints.isEmpty { return .ints(fields.ints) }
        if !fields.strings.isEmpty { return .strings(fields.strings) }
        return .other(0)
    }

    func write(_ writer: inout WireWriter) {
        writer.optional(1, name)
        let type: Int64
        switch value {
        case .float(let value):
            writer.float(2, value)
            type = 1
        case .int(let value):
            writer.integer(3, value)
            type = 2
        case .string(let value):
            writer.bytes(4, value)
            type = 3
        case .tensor(let value):
            writer.message(5) { value.write(&$0) }
            type = 4
        case .graph(let value):
            writer.message(6) { value.write(&$0) }
            type = 5
        case .floats(let values):
            for value in values { writer.float(7, value) }
            type = 6
        case .ints(let values):
            for value in values { writer.integer(8, value) }
            type = 7
        case .strings(let values):
            for value in values { writer.bytes(9, value) }
            type = 8
        case .other(let number): type = number
        }
        writer.optional(20, type)
        writer.raw(unknown)
    }
}

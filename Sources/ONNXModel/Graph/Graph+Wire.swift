/// `GraphProto`: node 1, name 2, initializer 5, input 11, output 12, value_info 13.
extension Graph {
    private static let message: StaticString = "GraphProto"

    init(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        self.init()
        while let field = try reader.next() {
            switch field.number {
            case 1: nodes.append(try Node(try reader.message(field, of: Self.message)))
            case 2: name = try reader.text(field, of: Self.message)
            case 5: initializers.append(try Tensor(try reader.message(field, of: Self.message)))
            case 11: inputs.append(try ValueInfo(try reader.message(field, of: Self.message)))
            case 12: outputs.append(try ValueInfo(try reader.message(field, of: Self.message)))
            case 13: valueInfos.append(try ValueInfo(try reader.message(field, of: Self.message)))
            default: unknown.append(reader.raw(field))
            }
        }
    }

    func write(_ writer: inout WireWriter) {
        for node in nodes { writer.message(1) { node.write(&$0) } }
        writer.optional(2, name)
        for tensor in initializers { writer.message(5) { tensor.write(&$0) } }
        for value in inputs { writer.message(11) { value.write(&$0) } }
        for value in outputs { writer.message(12) { value.write(&$0) } }
        for value in valueInfos { writer.message(13) { value.write(&$0) } }
        writer.raw(unknown)
    }
}

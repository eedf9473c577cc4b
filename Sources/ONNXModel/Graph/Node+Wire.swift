/// `NodeProto`: input 1, output 2, name 3, op_type 4, attribute 5, domain 7.
extension Node {
    private static let message: StaticString = "NodeProto"

    init(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        self.init("", [], [])
        while let field = try reader.next() {
            switch field.number {
            case 1: inputs.append(try reader.text(field, of: Self.message))
            case 2: outputs.append(try reader.text(field, of: Self.message))
            case 3: name = try reader.text(field, of: Self.message)
            case 4: op = try reader.text(field, of: Self.message)
            case 5: attributes.append(try Attribute(try reader.message(field, of: Self.message)))
            case 7: domain = try reader.text(field, of: Self.message)
            default: unknown.append(reader.raw(field))
            }
        }
    }

    func write(_ writer: inout WireWriter) {
        for input in inputs { writer.text(1, input) }
        for output in outputs { writer.text(2, output) }
        writer.optional(3, name)
        writer.optional(4, op)
        for attribute in attributes { writer.message(5) { attribute.write(&$0) } }
        writer.optional(7, domain)
        writer.raw(unknown)
    }
}

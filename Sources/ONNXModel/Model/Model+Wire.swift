/// `ModelProto`: ir_version 1, producer_name 2, producer_version 3, graph 7, opset_import 8, metadata_props 14.
extension Model {
    private static let message: StaticString = "ModelProto"

    init(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        self.init()
        var hasGraph = false
        while let field = try reader.next() {
            switch field.number {
            case 1: irVersion = try reader.integer(field, of: Self.message)
            case 2: producerName = try reader.text(field, of: Self.message)
            case 3: producerVersion = try reader.text(field, of: Self.message)
            case 7:
                guard !hasGraph else { throw reader.malformed("the model has two graphs", at: field.start) }
                graph = try Graph(try reader.message(field, of: Self.message))
                hasGraph = true
            case 8: operatorSets.append(try OperatorSet(try reader.message(field, of: Self.message)))
            case 14: metadata.append(try Metadata(try reader.message(field, of: Self.message)))
            default: unknown.append(reader.raw(field))
            }
        }
        guard hasGraph else {
            throw ONNXModelError(
                .notONNX, "the file holds no ONNX graph", mend: "give the path of an .onnx file")
        }
    }

    func write(_ writer: inout WireWriter) {
        writer.optional(1, irVersion)
        writer.optional(2, producerName)
        writer.optional(3, producerVersion)
        writer.message(7) { graph.write(&$0) }
        for set in operatorSets { writer.message(8) { set.write(&$0) } }
        for entry in metadata { writer.message(14) { entry.write(&$0) } }
        writer.raw(unknown)
    }
}

/// `OperatorSetIdProto`: domain 1, version 2.
extension Model.OperatorSet {
    /// A version of ONNX's own operator set.
    package init(version: Int64) {
        self.init(domain: "", version: version)
    }

    fileprivate init(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        self.init(domain: "", version: 0)
        while let field = try reader.next() {
            switch field.number {
            case 1: domain = try reader.text(field, of: "OperatorSetIdProto")
            case 2: version = try reader.integer(field, of: "OperatorSetIdProto")
            default: unknown.append(reader.raw(field))
            }
        }
    }

    fileprivate func write(_ writer: inout WireWriter) {
        writer.text(1, domain)
        writer.integer(2, version)
        writer.raw(unknown)
    }
}

/// `StringStringEntryProto`: key 1, value 2.
extension Model.Metadata {
    fileprivate init(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        self.init(key: "", value: "")
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try reader.text(field, of: "StringStringEntryProto")
            case 2: value = try reader.text(field, of: "StringStringEntryProto")
            default: unknown.append(reader.raw(field))
            }
        }
    }

    fileprivate func write(_ writer: inout WireWriter) {
        writer.text(1, key)
        writer.text(2, value)
        writer.raw(unknown)
    }
}

extension WireReader {
    /// The key and value of a `StringStringEntryProto` field.
    func stringPair(_ field: WireField, of message: StaticString) throws(ONNXModelError) -> (String, String) {
        let entry = try Model.Metadata(try self.message(field, of: message))
        return (entry.key, entry.value)
    }
}

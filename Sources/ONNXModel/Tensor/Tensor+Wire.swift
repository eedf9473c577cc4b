/// `TensorProto`: dims 1, data_type 2, float_data 4, int32_data 5, string_data 6, int64_data 7, name 8, raw_data 9,
/// double_data 10, uint64_data 11, external_data 13, data_location 14.
extension Tensor {
    private static let message: StaticString = "TensorProto"

    init(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        let start = reader.position
        var dims: [Int64] = []
        var name = ""
        var type = ElementType.undefined
        var raw: ByteSlice?
        var typed: (field: Int, data: RawFields)?
        var isExternal = false
        var external = ExternalElements()
        var unknown = RawFields()
        while let field = try reader.next() {
            switch field.number {
            case 1: try reader.appendIntegers(field, of: Self.message, to: &dims)
            case 2:
                let number = try reader.integer(field, of: Self.message)
                type = ElementType(rawValue: Int32(truncatingIfNeeded: number))
            case 4, 5, 6, 7, 10, 11:
                if typed == nil { typed = (field.number, RawFields()) }
                guard typed?.field == field.number else {
                    throw reader.malformed("tensor '\(name)' holds elements of two types", at: field.start)
                }
                typed?.data.append(reader.raw(field))
            case 8: name = try reader.text(field, of: Self.message)
            case 9: raw = try reader.slice(field, of: Self.message)
            case 13:
                external.set(try reader.stringPair(field, of: Self.message))
                external.fields.append(reader.raw(field))
            case 14:
                isExternal = try reader.integer(field, of: Self.message) == 1
                external.fields.append(reader.raw(field))
            default: unknown.append(reader.raw(field))
            }
        }
        let storage: Storage
        switch (raw, typed) {
        case (_, _) where isExternal: storage = .external(external)
        case (let raw?, nil): storage = .raw(raw)
        case (nil, let typed?): storage = .typed(field: typed.field, typed.data)
        case (nil, nil): storage = .none
        case (_?, _?):
            throw reader.malformed("tensor '\(name)' holds its elements twice", at: start)
        }
        let shape = try Self.checkedShape(dims, name: name, offset: start)
        self.init(name: name, type: type, dims: shape, storage: storage, unknown: unknown)
    }

    func write(_ writer: inout WireWriter) {
        for dim in dims { writer.integer(1, Int64(dim)) }
        writer.optional(2, Int64(type.rawValue))
        if case .typed(_, let fields) = storage { writer.raw(fields) }
        writer.optional(8, name)
        if case .raw(let slice) = storage { writer.slice(9, slice) }
        if case .external(let elements) = storage { writer.raw(elements.fields) }
        writer.raw(unknown)
    }

    /// Shapes whose element count or size in bytes leaves 63 bits are refused here, so that nobody else need check.
    private static func checkedShape(_ dims: [Int64], name: String, offset: Int) throws(ONNXModelError) -> [Int] {
        var product = 1
        for dim in dims {
            let (next, overflow) = product.multipliedReportingOverflow(by: max(Int(dim), 1))
            guard dim >= 0, !overflow, next <= Int.max / 256 else {
                throw ONNXModelError(
                    .invalidTensor, "tensor '\(name)' has the impossible shape \(dims)", at: "byte \(offset)",
                    mend: "the file is damaged or hostile: get it again from its source")
            }
            product = next
        }
        return dims.map { Int($0) }
    }
}

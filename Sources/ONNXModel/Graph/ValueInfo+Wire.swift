/// `ValueInfoProto`: name 1, type 2. `TypeProto`: tensor_type 1, the other kinds 4, 5, 8, 9.
extension ValueInfo {
    private static let message: StaticString = "ValueInfoProto"

    init(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        self.init(name: "", kind: .none)
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try reader.text(field, of: Self.message)
            case 2: try readType(try reader.message(field, of: Self.message))
            default: unknown.append(reader.raw(field))
            }
        }
    }

    private mutating func readType(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        while let field = try reader.next() {
            switch field.number {
            case 1: kind = .tensor(try TensorType(try reader.message(field, of: "TypeProto")))
            case 4, 5, 8, 9:
                kind = .other
                typeUnknown.append(reader.raw(field))
            default: typeUnknown.append(reader.raw(field))
            }
        }
    }

    func write(_ writer: inout WireWriter) {
        writer.optional(1, name)
        if case .none = kind, typeUnknown.isEmpty {
            writer.raw(unknown)
            return
        }
        writer.message(2) { type in
            if case .tensor(let tensor) = kind { type.message(1) { tensor.write(&$0) } }
            type.raw(typeUnknown)
        }
        writer.raw(unknown)
    }
}

/// `TypeProto.Tensor`: elem_type 1, shape 2. `TensorShapeProto`: dim 1.
extension TensorType {
    private static let message: StaticString = "TypeProto.Tensor"

    init(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        self.init(.undefined, nil)
        while let field = try reader.next() {
            switch field.number {
            case 1:
                let number = try reader.integer(field, of: Self.message)
                element = ElementType(rawValue: Int32(truncatingIfNeeded: number))
            case 2:
                var dims = try reader.message(field, of: Self.message)
                var shape: [Dimension] = []
                while let field = try dims.next() {
                    if field.number == 1 {
                        shape.append(try Dimension(try dims.message(field, of: "TensorShapeProto")))
                    } else {
                        shapeUnknown.append(dims.raw(field))
                    }
                }
                self.shape = shape
            default: unknown.append(reader.raw(field))
            }
        }
    }

    func write(_ writer: inout WireWriter) {
        writer.optional(1, Int64(element.rawValue))
        if let shape {
            writer.message(2) { dims in
                for dim in shape { dims.message(1) { dim.write(&$0) } }
                dims.raw(shapeUnknown)
            }
        }
        writer.raw(unknown)
    }
}

/// `TensorShapeProto.Dimension`: dim_value 1, dim_param 2.
extension Dimension {
    private static let message: StaticString = "TensorShapeProto.Dimension"

    init(_ reader: WireReader) throws(ONNXModelError) {
        var reader = reader
        self.init(.unknown)
        while let field = try reader.next() {
            switch field.number {
            case 1: size = .value(try reader.integer(field, of: Self.message))
            case 2: size = .named(try reader.text(field, of: Self.message))
            default: unknown.append(reader.raw(field))
            }
        }
    }

    func write(_ writer: inout WireWriter) {
        switch size {
        case .value(let value): writer.integer(1, value)
        case .named(let name): writer.text(2, name)
        case .unknown: break
        }
        writer.raw(unknown)
    }
}

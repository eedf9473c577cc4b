/// Decoding a tensor's elements. Nothing is allocated before the stored bytes are known to fit the shape.
extension Tensor {
    /// Checks that the stored elements are as many as the shape says.
    ///
    /// - Throws: `invalidTensor`, or `externalData` for elements in another file.
    package func validate() throws(ONNXModelError) {
        switch storage {
        case .external(let elements):
            throw ONNXModelError(
                .externalData, "the weights are in another file ('\(elements.location)')", at: "tensor '\(name)'",
                mend: "give the model as a file, with that file beside it")
        case .none:
            guard count == 0 else { throw sizeError(0, "elements") }
        case .raw(let slice):
            guard let bits = type.bits else {
                throw invalid("\(type) can't be stored in raw bytes")
            }
            guard slice.count == (count * bits + 7) / 8 else { throw sizeError(slice.count, "bytes") }
        case .typed(let field, let fields):
            // Packed numbers take a byte at least: a cheap bound that decoding makes exact.
            guard Self.typedField(for: type) == field else {
                throw invalid("\(type) elements are stored in the field of another type")
            }
            guard count <= fields.byteCount else { throw sizeError(fields.byteCount, "bytes") }
        }
    }

    /// The elements as float32; for float32, float16, bfloat16 and float64 (rounded) tensors.
    ///
    /// - Throws: `invalidTensor` if the type is another or the bytes don't fit the shape.
    package func floats() throws(ONNXModelError) -> [Float] {
        switch type {
        case .float: try fixedBits(UInt32.self) { Float(bitPattern: $0) }
        case .double: try fixedBits(UInt64.self) { Float(Double(bitPattern: $0)) }
        case .float16: try halves { HalfPrecision.float(fromHalf: $0) }
        case .bfloat16: try halves { Float(bitPattern: UInt32($0) << 16) }
        default: throw invalid("expected real numbers, found \(type)")
        }
    }

    /// The elements as int64; for tensors of integers and booleans, nibbles included.
    ///
    /// - Throws: `invalidTensor` if the type is another or the bytes don't fit the shape.
    package func int64s() throws(ONNXModelError) -> [Int64] {
        try validate()
        switch storage {
        case .none, .external: return []
        case .typed: return try typedIntegers()
        case .raw(let slice):
            let count = count
            switch type {
            case .int8: return slice.elements(Int8.self) { Int64($0) }
            case .uint8, .bool: return slice.elements(UInt8.self) { Int64($0) }
            case .int16: return slice.elements(Int16.self) { Int64($0) }
            case .uint16: return slice.elements(UInt16.self) { Int64($0) }
            case .int32: return slice.elements(Int32.self) { Int64($0) }
            case .uint32: return slice.elements(UInt32.self) { Int64($0) }
            case .int64: return slice.elements(Int64.self) { $0 }
            case .uint64: return slice.elements(UInt64.self) { Int64(bitPattern: $0) }
            case .uint4: return slice.nibbles(count) { Int64($0) }
            case .int4: return slice.nibbles(count) { Int64(Int8(bitPattern: $0 << 4) >> 4) }
            default: throw invalid("expected integers, found \(type)")
            }
        }
    }

    /// The elements of a float tensor of one distinct value, else nil (no elements, several values, another type).
    package func uniformFloat() -> Float? {
        guard type == .float || type == .double, let values = try? floats(), let first = values.first else {
            return nil
        }
        return values.allSatisfy { $0 == first } ? first : nil
    }

    /// The typed repeated field in which ONNX stores elements of `type`.
    private static func typedField(for type: ElementType) -> Int {
        switch type {
        case .float, ElementType(rawValue: 14): 4
        case .string: 6
        case .int64: 7
        case .double, ElementType(rawValue: 15): 10
        case .uint32, .uint64: 11
        default: 5
        }
    }

    private func fixedBits<Bits: FixedWidthInteger>(
        _: Bits.Type, _ convert: (Bits) -> Float
    ) throws(ONNXModelError) -> [Float] {
        try validate()
        switch storage {
        case .none, .external: return []
        case .raw(let slice): return slice.elements(Bits.self, convert)
        case .typed(_, let fields):
            var bits: [Bits] = []
            for slice in fields.slices {
                var reader = WireReader(slice)
                while let field = try reader.next() {
                    try reader.appendFixed(field, of: "TensorProto", to: &bits)
                }
            }
            guard bits.count == count else { throw sizeError(bits.count, "elements") }
            return bits.map(convert)
        }
    }

    private func halves(_ convert: (UInt16) -> Float) throws(ONNXModelError) -> [Float] {
        try validate()
        guard case .raw(let slice) = storage else {
            return try typedIntegers().map { convert(UInt16(truncatingIfNeeded: $0)) }
        }
        return slice.elements(UInt16.self, convert)
    }

    private func typedIntegers() throws(ONNXModelError) -> [Int64] {
        guard case .typed(_, let fields) = storage else { return [] }
        guard type != .string, type.bits ?? 0 >= 8 else { throw invalid("\(type) elements are not supported here") }
        var values: [Int64] = []
        for slice in fields.slices {
            var reader = WireReader(slice)
            while let field = try reader.next() {
                try reader.appendIntegers(field, of: "TensorProto", to: &values)
            }
        }
        guard values.count == count else { throw sizeError(values.count, "elements") }
        return values
    }

    private func invalid(_ what: String) -> ONNXModelError {
        ONNXModelError(.invalidTensor, what, at: "tensor '\(name)'", mend: "export the model again")
    }

    private func sizeError(_ found: Int, _ unit: String) -> ONNXModelError {
        invalid("shape \(dims) of \(type) doesn't match the \(found) \(unit) stored")
    }
}

extension ByteSlice {
    /// The little-endian elements of the slice, converted one by one.
    func elements<Element: FixedWidthInteger, Value>(
        _: Element.Type, _ convert: (Element) -> Value
    ) -> [Value] {
        let count = count / MemoryLayout<Element>.size
        return withUnsafeBytes { bytes in
            [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
                for index in 0..<count {
                    let bits = bytes.loadUnaligned(
                        fromByteOffset: index * MemoryLayout<Element>.size, as: Element.self)
                    buffer.initializeElement(at: index, to: convert(Element(littleEndian: bits)))
                }
                initialized = count
            }
        }
    }

    /// The slice's first `count` nibbles, low one of each byte first.
    func nibbles(_ count: Int, _ convert: (UInt8) -> Int64) -> [Int64] {
        withUnsafeBytes { bytes in
            (0..<count).map { convert($0 & 1 == 0 ? bytes[$0 / 2] & 0xf : bytes[$0 / 2] >> 4) }
        }
    }
}

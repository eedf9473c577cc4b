/// Typed values of fields. Each takes the message's name for the error when the wire type is wrong.
extension WireReader {
    /// An `int32`, `int64` or enum.
    func integer(_ field: WireField, of message: StaticString) throws(ONNXModelError) -> Int64 {
        guard case .varint(let value) = field.payload else { throw unexpected(field, of: message) }
        return Int64(bitPattern: value)
    }

    /// A `float`.
    func float(_ field: WireField, of message: StaticString) throws(ONNXModelError) -> Float {
        guard case .fixed32(let bits) = field.payload else { throw unexpected(field, of: message) }
        return Float(bitPattern: bits)
    }

    /// The bytes of a length-delimited field, still in place.
    func slice(_ field: WireField, of message: StaticString) throws(ONNXModelError) -> ByteSlice {
        guard case .bytes(let offset, let count) = field.payload else { throw unexpected(field, of: message) }
        return ByteSlice(storage, offset: offset, count: count)
    }

    /// A copy of the bytes of a length-delimited field.
    func bytes(_ field: WireField, of message: StaticString) throws(ONNXModelError) -> [UInt8] {
        try slice(field, of: message).withUnsafeBytes { [UInt8]($0) }
    }

    /// Text, which must be UTF-8.
    func text(_ field: WireField, of message: StaticString) throws(ONNXModelError) -> String {
        let text = try slice(field, of: message).withUnsafeBytes { String(validating: $0, as: UTF8.self) }
        guard let text else {
            throw ONNXModelError(
                .malformedText, "field \(field.number) of \(message) is not UTF-8", at: "byte \(field.start)",
                mend: "the file is damaged or no ONNX model: get it again")
        }
        return text
    }

    /// Appends a repeated integer field, packed or not.
    func appendIntegers(
        _ field: WireField, of message: StaticString, to values: inout [Int64]
    ) throws(ONNXModelError) {
        guard case .bytes(let offset, let count) = field.payload else {
            values.append(try integer(field, of: message))
            return
        }
        let result = storage.withUnsafeBytes { all -> Int? in
            var cursor = offset
            let stop = offset + count
            while cursor < stop {
                var value: UInt64 = 0
                var shift: UInt64 = 0
                while true {
                    guard cursor < stop, shift < 64 else { return cursor }
                    let byte = all[cursor]
                    cursor += 1
                    if shift == 63, byte > 1 { return cursor }
                    value |= UInt64(byte & 0x7f) << shift
                    if byte < 0x80 { break }
                    shift += 7
                }
                values.append(Int64(bitPattern: value))
            }
            return nil
        }
        if let offset = result {
            throw ONNXModelError(
                .malformedVarint, "packed numbers of field \(field.number) of \(message) are cut off or too long",
                at: "byte \(offset)", mend: "the file is damaged: get it again")
        }
    }

    /// Appends a repeated `float` or `double` field, packed or not, as its bits.
    func appendFixed<Bits: FixedWidthInteger>(
        _ field: WireField, of message: StaticString, to values: inout [Bits]
    ) throws(ONNXModelError) {
        switch field.payload {
        case .fixed32(let bits) where Bits.bitWidth == 32: values.append(Bits(truncatingIfNeeded: bits))
        case .fixed64(let bits) where Bits.bitWidth == 64: values.append(Bits(truncatingIfNeeded: bits))
        case .bytes(let offset, let count) where count % MemoryLayout<Bits>.size == 0:
            storage.withUnsafeBytes { all in
                values.reserveCapacity(values.count + count / MemoryLayout<Bits>.size)
                for start in stride(from: offset, to: offset + count, by: MemoryLayout<Bits>.size) {
                    values.append(Bits(littleEndian: all.loadUnaligned(fromByteOffset: start, as: Bits.self)))
                }
            }
        default: throw unexpected(field, of: message)
        }
    }

    /// The whole field with its tag.
    func raw(_ field: WireField) -> ByteSlice {
        ByteSlice(storage, offset: field.start, count: field.end - field.start)
    }
}

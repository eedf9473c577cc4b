/// Writes numbers and texts, little-endian.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: Int) { write(UInt64(bitPattern: Int64(value))) }

    mutating func write<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    mutating func write(_ value: Float) { write(value.bitPattern) }

    mutating func write(_ text: String) { write(data: Array(text.utf8)) }

    /// The number of bytes, and the bytes.
    mutating func write(data: [UInt8]) {
        write(UInt32(clamping: data.count))
        bytes += data
    }

    /// A presence mark, and the value if there is one.
    mutating func write<Value>(_ value: Value?, _ body: (inout ByteWriter, Value) -> Void) {
        write(UInt8(value == nil ? 0 : 1))
        if let value { body(&self, value) }
    }

    /// The number of values, and the values.
    mutating func write<Value>(_ values: [Value], _ body: (inout ByteWriter, Value) -> Void) {
        write(UInt32(clamping: values.count))
        for value in values { body(&self, value) }
    }
}

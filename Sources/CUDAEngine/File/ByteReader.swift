/// Reads what `ByteWriter` wrote; never beyond the end, and nothing is allocated before its bytes are known to be there.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func integer<Value: FixedWidthInteger>(_: Value.Type) throws(CUDAEngineError) -> Value {
        let size = MemoryLayout<Value>.size
        guard bytes.count - position >= size else { throw Self.damaged("it ends too early") }
        defer { position += size }
        return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Value.self))
    }

    mutating func int() throws(CUDAEngineError) -> Int { Int(try integer(Int64.self)) }

    mutating func float() throws(CUDAEngineError) -> Float { Float(bitPattern: try integer(UInt32.self)) }

    /// UTF-8; what isn't is replaced, as texts are for people.
    mutating func text() throws(CUDAEngineError) -> String { String(decoding: try data(), as: UTF8.self) }

    mutating func data() throws(CUDAEngineError) -> [UInt8] {
        let count = try count()
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func optional<Value>(
        _ body: (inout ByteReader) throws(CUDAEngineError) -> Value
    ) throws(CUDAEngineError) -> Value? {
        switch try integer(UInt8.self) {
        case 0: return nil
        case 1: return try body(&self)
        default: throw Self.damaged("a mark is neither 0 nor 1")
        }
    }

    mutating func array<Value>(
        _ body: (inout ByteReader) throws(CUDAEngineError) -> Value
    ) throws(CUDAEngineError) -> [Value] {
        // Every value takes a byte at least.
        let count = try count()
        var values: [Value] = []
        for _ in 0..<count { values.append(try body(&self)) }
        return values
    }

    /// One of an enumeration's raw values.
    mutating func choice<Value: RawRepresentable>(
        _: Value.Type
    ) throws(CUDAEngineError) -> Value where Value.RawValue: FixedWidthInteger {
        guard let value = Value(rawValue: try integer(Value.RawValue.self)) else {
            throw Self.damaged("a number stands for nothing")
        }
        return value
    }

    private mutating func count() throws(CUDAEngineError) -> Int {
        let count = Int(try integer(UInt32.self))
        guard count <= bytes.count - position else { throw Self.damaged("it ends too early") }
        return count
    }

    static func damaged(_ what: String) -> CUDAEngineError {
        CUDAEngineError(.engineDamaged, "the engine is damaged: \(what)", mend: "build it again")
    }
}

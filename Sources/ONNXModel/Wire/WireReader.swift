/// Reads the fields of one protobuf message from a range of bytes, one after another.
///
/// Nothing is allocated from a length that the bytes claim: a length that passes the end of its message is an error.
/// Depth and the number of nested messages are bounded, so that a small hostile file can't grow in memory.
struct WireReader {
    /// Nested messages deeper than this are refused (protobuf's own limit).
    static let maximumDepth = 100
    /// Messages in one file; the largest real models have some hundred thousand.
    static let maximumMessages = 1_000_000

    /// Counts the messages of one file over all its readers.
    final class Budget {
        var messages = 0
    }

    let storage: ByteStorage
    let depth: Int
    let budget: Budget
    /// Absolute offset of the next byte.
    private(set) var position: Int
    /// Absolute offset behind the message.
    let end: Int

    /// A reader of the message that `slice` holds.
    init(_ slice: ByteSlice) {
        self.init(
            storage: slice.storage, offset: slice.offset, count: slice.count, depth: 0, budget: Budget())
    }

    private init(storage: ByteStorage, offset: Int, count: Int, depth: Int, budget: Budget) {
        self.storage = storage
        self.position = offset
        self.end = offset + count
        self.depth = depth
        self.budget = budget
    }

    /// The next field, or nil at the end of the message.
    mutating func next() throws(ONNXModelError) -> WireField? {
        guard position < end else { return nil }
        let start = position
        let tag = try varint()
        let number = tag >> 3
        guard number > 0, number < 1 << 29 else {
            throw malformed("field number \(number) does not exist in protobuf", at: start)
        }
        let payload: WireField.Payload
        switch tag & 7 {
        case 0: payload = .varint(try varint())
        case 1: payload = .fixed64(try fixed(UInt64.self))
        case 2:
            let lengthOffset = position
            let length = try varint()
            guard length <= UInt64(end - position) else {
                throw ONNXModelError(
                    .truncated, "a field claims \(length) bytes where \(end - position) are left",
                    at: "byte \(lengthOffset)", mend: "download or export the model again")
            }
            payload = .bytes(offset: position, count: Int(length))
            position += Int(length)
        case 5: payload = .fixed32(try fixed(UInt32.self))
        default: throw malformed("wire type \(tag & 7) is not used by ONNX", at: start)
        }
        return WireField(number: Int(number), payload: payload, start: start, end: position)
    }

    /// A reader of the message inside `field`.
    func message(_ field: WireField, of parent: StaticString) throws(ONNXModelError) -> WireReader {
        guard case .bytes(let offset, let count) = field.payload else {
            throw unexpected(field, of: parent)
        }
        guard depth < Self.maximumDepth else {
            throw ONNXModelError(
                .tooDeep, "messages are nested deeper than \(Self.maximumDepth)", at: "byte \(field.start)",
                mend: "the file is damaged or hostile: get it again from its source")
        }
        budget.messages += 1
        guard budget.messages <= Self.maximumMessages else {
            throw ONNXModelError(
                .tooLarge, "the model has more than \(Self.maximumMessages) nodes, tensors and attributes",
                at: "byte \(field.start)", mend: "this is no face model")
        }
        return WireReader(storage: storage, offset: offset, count: count, depth: depth + 1, budget: budget)
    }

    /// The error for a known field with a wire type that it can't have.
    func unexpected(_ field: WireField, of message: StaticString) -> ONNXModelError {
        malformed("field \(field.number) of \(message) has the wrong wire type", at: field.start)
    }

    func malformed(_ what: String, at offset: Int) -> ONNXModelError {
        ONNXModelError(
            .malformedField, what, at: "byte \(offset)", mend: "the file is damaged or no ONNX model: get it again")
    }

    private mutating func varint() throws(ONNXModelError) -> UInt64 {
        let start = position
        let limit = min(end, start + 10)
        let (value, length) = storage.withUnsafeBytes { bytes -> (UInt64, Int) in
            var value: UInt64 = 0
            var shift: UInt64 = 0
            var cursor = start
            while cursor < limit {
                let byte = bytes[cursor]
                // The tenth byte holds the 64th bit alone.
                if shift == 63, byte > 1 { return (0, -1) }
                value |= UInt64(byte & 0x7f) << shift
                cursor += 1
                if byte < 0x80 { return (value, cursor - start) }
                shift += 7
            }
            return (0, limit == end && limit - start < 10 ? 0 : -1)
        }
        guard length > 0 else {
            if length == 0 { throw truncated(at: start) }
            throw ONNXModelError(
                .malformedVarint, "a number is longer than 64 bits", at: "byte \(start)",
                mend: "the file is damaged or no ONNX model: get it again")
        }
        position += length
        return value
    }

    private mutating func fixed<Value: FixedWidthInteger>(_: Value.Type) throws(ONNXModelError) -> Value {
        guard end - position >= MemoryLayout<Value>.size else { throw truncated(at: position) }
        let value = storage.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Value.self) }
        position += MemoryLayout<Value>.size
        return Value(littleEndian: value)
    }

    private func truncated(at offset: Int) -> ONNXModelError {
        ONNXModelError(
            .truncated, "the message ends in the middle of a field", at: "byte \(offset)",
            mend: "download or export the model again")
    }
}

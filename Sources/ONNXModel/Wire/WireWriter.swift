/// Writes protobuf fields. Large byte ranges stay where they are until the bytes are wanted.
struct WireWriter {
    /// A piece of the output.
    enum Segment {
        case bytes([UInt8])
        case slice(ByteSlice)
    }

    /// Slices below this size are copied: a segment of their own would cost more.
    private static let smallestSlice = 1024

    private var closed: [Segment] = []
    private var tail: [UInt8] = []
    /// Bytes written so far.
    private(set) var count = 0

    /// The output in order.
    var segments: [Segment] { tail.isEmpty ? closed : closed + [.bytes(tail)] }

    /// An integer or enum field.
    mutating func integer(_ number: Int, _ value: Int64) {
        tag(number, 0)
        varint(UInt64(bitPattern: value))
    }

    /// An integer field that is left out when it has protobuf's default.
    mutating func optional(_ number: Int, _ value: Int64) {
        if value != 0 { integer(number, value) }
    }

    /// A text field.
    mutating func text(_ number: Int, _ value: String) {
        bytes(number, Array(value.utf8))
    }

    /// A text field that is left out when it is empty.
    mutating func optional(_ number: Int, _ value: String) {
        if !value.isEmpty { text(number, value) }
    }

    /// A bytes field.
    mutating func bytes(_ number: Int, _ value: [UInt8]) {
        tag(number, 2)
        varint(UInt64(value.count))
        append(value)
    }

    /// A bytes field whose content stays where it is.
    mutating func slice(_ number: Int, _ value: ByteSlice) {
        tag(number, 2)
        varint(UInt64(value.count))
        append(value)
    }

    /// A `float` field.
    mutating func float(_ number: Int, _ value: Float) {
        tag(number, 5)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { append(Array($0)) }
    }

    /// A nested message.
    mutating func message<Failure: Error>(
        _ number: Int, _ body: (inout WireWriter) throws(Failure) -> Void
    ) throws(Failure) {
        var child = WireWriter()
        try body(&child)
        tag(number, 2)
        varint(UInt64(child.count))
        for segment in child.segments {
            switch segment {
            case .bytes(let bytes): append(bytes)
            case .slice(let slice): append(slice)
            }
        }
    }

    /// Fields as they were read.
    mutating func raw(_ fields: RawFields) {
        for slice in fields.slices { append(slice) }
    }

    private mutating func tag(_ number: Int, _ wireType: UInt64) {
        varint(UInt64(number) << 3 | wireType)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            tail.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
            count += 1
        }
        tail.append(UInt8(rest))
        count += 1
    }

    private mutating func append(_ bytes: [UInt8]) {
        tail.append(contentsOf: bytes)
        count += bytes.count
    }

    private mutating func append(_ slice: ByteSlice) {
        if slice.count < Self.smallestSlice {
            slice.withUnsafeBytes { tail.append(contentsOf: $0) }
        } else {
            if !tail.isEmpty {
                closed.append(.bytes(tail))
                tail = []
            }
            closed.append(.slice(slice))
        }
        count += slice.count
    }
}

/// Protobuf written by hand, independent of the code under test.
enum ProtobufBytes {
    static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(rest % 128) + 128)
            rest /= 128
        }
        return bytes + [UInt8(rest)]
    }

    static func number(_ field: Int, _ value: UInt64) -> [UInt8] { varint(UInt64(field * 8)) + varint(value) }

    static func bytes(_ field: Int, _ content: [UInt8]) -> [UInt8] {
        varint(UInt64(field * 8 + 2)) + varint(UInt64(content.count)) + content
    }

    static func text(_ field: Int, _ content: String) -> [UInt8] { bytes(field, Array(content.utf8)) }

    static func float(_ field: Int, _ value: Float) -> [UInt8] { varint(UInt64(field * 8 + 5)) + little(value) }

    static func little(_ value: Float) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32($0 * 8)) }
    }

    /// A model around the bytes of a graph.
    static func model(graph: [UInt8]) -> [UInt8] {
        number(1, 8) + bytes(7, graph) + bytes(8, text(1, "") + number(2, 17))
    }
}

/// The fields of a protobuf message, read by hand.
struct ProtobufFields {
    /// Contents of length-delimited fields by number, in order.
    private(set) var contents: [Int: [ArraySlice<UInt8>]] = [:]
    /// Values of varint fields by number, in order.
    private(set) var numbers: [Int: [UInt64]] = [:]

    init(_ message: ArraySlice<UInt8>) {
        var rest = message
        func varint() -> UInt64 {
            var (value, shift): (UInt64, UInt64) = (0, 0)
            while let byte = rest.popFirst() {
                value += UInt64(byte % 128) << shift
                shift += 7
                if byte < 128 { break }
            }
            return value
        }
        while !rest.isEmpty {
            let tag = varint()
            let field = Int(tag / 8)
            switch tag % 8 {
            case 0: numbers[field, default: []].append(varint())
            case 1: rest = rest.dropFirst(8)
            case 5: rest = rest.dropFirst(4)
            default:
                let count = Int(varint())
                contents[field, default: []].append(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
        }
    }
}

/// The lines of a text that hold anything, with their numbers counted from 1, without white space at either end
/// (which takes care of CRLF) and without a byte order mark.
struct TextLines: Sequence, IteratorProtocol {
    private var rest: Slice<UnsafeRawBufferPointer>
    private var number = 0

    init(_ text: UnsafeRawBufferPointer) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        rest = text.starts(with: mark) ? text.dropFirst(mark.count) : text[...]
    }

    mutating func next() -> (number: Int, line: Slice<UnsafeRawBufferPointer>)? {
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = Self.trimmed(rest[..<end])
            rest = end < rest.endIndex ? rest[(end + 1)...] : rest[rest.endIndex...]
            number += 1
            if !line.isEmpty { return (number, line) }
        }
        return nil
    }

    private static func trimmed(_ line: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        guard let first = line.firstIndex(where: { !isSpace($0) }), let last = line.lastIndex(where: { !isSpace($0) })
        else { return line[line.endIndex...] }
        return line[first...last]
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D
    }
}

/// Reads the XML that S3 servers answer with, and nothing more: elements, attributes (ignored), text, character references,
/// comments. Bounded in size, depth and count; a document type is refused, so there is nothing to expand.
struct XMLReader {
    static let largest = 8 << 20
    private static let deepest = 16
    private static let mostElements = 200_000

    private let bytes: [UInt8]
    private var position = 0
    private var elements = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The root element; nil if the document isn't well-formed.
    mutating func document() -> XMLTree? {
        guard bytes.count <= Self.largest else { return nil }
        if starts("\u{FEFF}") { position += 3 }
        guard skipBetweenElements(), let root = element(depth: 0), skipBetweenElements(), position == bytes.count else {
            return nil
        }
        return root
    }

    private func starts(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    /// Goes behind the next occurrence of `text`; false if there is none.
    private mutating func skip(past text: String) -> Bool {
        let wanted = Array(text.utf8)
        while position + wanted.count <= bytes.count {
            if bytes[position..<position + wanted.count].elementsEqual(wanted) {
                position += wanted.count
                return true
            }
            position += 1
        }
        return false
    }

    /// Space, comments and the declaration before and after the root.
    private mutating func skipBetweenElements() -> Bool {
        while true {
            skipSpace()
            if starts("<?") {
                guard skip(past: "?>") else { return false }
            } else if starts("<!--") {
                guard skip(past: "-->") else { return false }
            } else {
                return true
            }
        }
    }

    private mutating func element(depth: Int) -> XMLTree? {
        elements += 1
        guard depth < Self.deepest, elements <= Self.mostElements, starts("<") else { return nil }
        position += 1
        guard let name = name(), skipAttributes() else { return nil }
        var tree = XMLTree(name: Self.local(name))
        if starts("/>") {
            position += 2
            return tree
        }
        guard starts(">") else { return nil }
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            if starts("</") {
                position += 2
                guard self.name() == name else { return nil }
                skipSpace()
                guard starts(">") else { return nil }
                position += 1
                guard let decoded = String(validating: text, as: UTF8.self) else { return nil }
                tree.text = decoded
                return tree
            } else if starts("<!--") {
                guard skip(past: "-->") else { return nil }
            } else if starts("<") {
                guard let child = element(depth: depth + 1) else { return nil }
                tree.children.append(child)
            } else if starts("&") {
                guard let character = reference() else { return nil }
                text += Array(String(character).utf8)
            } else {
                text.append(bytes[position])
                position += 1
            }
        }
        return nil
    }

    private mutating func name() -> String? {
        let start = position
        while position < bytes.count, !" \t\r\n/>=<&\"'".utf8.contains(bytes[position]) { position += 1 }
        return position > start ? String(validating: bytes[start..<position], as: UTF8.self) : nil
    }

    private mutating func skipAttributes() -> Bool {
        while true {
            skipSpace()
            if starts(">") || starts("/>") { return true }
            guard name() != nil else { return false }
            skipSpace()
            guard starts("=") else { return false }
            position += 1
            skipSpace()
            guard starts("\"") || starts("'") else { return false }
            let quote = starts("\"") ? "\"" : "'"
            position += 1
            guard skip(past: quote) else { return false }
        }
    }

    /// `&amp;`, `&#65;`, `&#x41;` …
    private mutating func reference() -> Unicode.Scalar? {
        let longest = 12
        guard let end = bytes[position...].prefix(longest).firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let body = String(decoding: bytes[position + 1..<end], as: UTF8.self)
        position = end + 1
        switch body {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard body.hasPrefix("#") else { return nil }
            let digits = body.dropFirst()
            let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return value.flatMap(Unicode.Scalar.init)
        }
    }

    private static func local(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }
}

/// Limits on aliases that hold before the parser sees the text.
///
/// The parser builds and frees nested values recursively and hashes keys whole. It limits nesting to 1000, but an alias
/// adds what it names without counting it, and an alias within a key makes hashing take time exponential in the number
/// of aliases; both must be bounded by the text alone. Text in quotes and comments may be counted in error, which is
/// harmless as long as real files stay far below the limits.
enum YAMLAliasLimits {
    /// The most aliases (`*name`) in a file.
    static let aliasLimit = 64
    /// The most aliases in a file in which a list, a mapping or an alias is a key.
    static let aliasLimitWithCompoundKeys = 8

    static func check(_ text: String, path: String) throws(ConfigurationIssue) {
        var scanner = AliasScanner()
        for byte in text.utf8 { scanner.read(byte) }
        let limit = scanner.hasCompoundKey ? aliasLimitWithCompoundKeys : aliasLimit
        if scanner.aliasCount <= limit { return }
        throw ConfigurationIssue(
            .tooLarge, .file(path: path, line: nil, column: nil), "there are more than \(limit) aliases (*name)",
            mend: "write the values out")
    }
}

private struct AliasScanner {
    private(set) var aliasCount = 0
    private(set) var hasCompoundKey = false

    private var previous = UInt8(ascii: "\n")
    /// The byte before `previous`.
    private var earlier = UInt8(ascii: "\n")
    private var isInAlias = false
    /// True after an alias or a closing bracket and the blanks that follow: a colon would make a key of it.
    private var mayBecomeKey = false

    mutating func read(_ byte: UInt8) {
        let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
        let isBreak = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        if previous == UInt8(ascii: "*"), Self.isNameByte(byte), Self.canPrecedeToken(earlier) {
            aliasCount += 1
            isInAlias = true
        } else if isInAlias, !Self.isNameByte(byte) {
            isInAlias = false
            mayBecomeKey = true
        }
        if byte == UInt8(ascii: ":"), mayBecomeKey { hasCompoundKey = true }
        if previous == UInt8(ascii: "?"), isBlank || isBreak, Self.canPrecedeToken(earlier) { hasCompoundKey = true }
        if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
            mayBecomeKey = true
        } else if !isBlank {
            mayBecomeKey = false
        }
        (earlier, previous) = (previous, byte)
    }

    /// What an anchor's name is made of.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func canPrecedeToken(_ byte: UInt8) -> Bool {
        " \t\r\n[]{},:?-\"'".utf8.contains(byte)
    }
}

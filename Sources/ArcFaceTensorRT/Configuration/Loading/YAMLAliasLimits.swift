/// Limits on aliases that hold before the parser sees the text.
///
/// The parser frees nested values recursively and hashes keys whole. It limits nesting to 1000, but an alias adds what
/// it names without counting it, and aliases within keys make hashing take time exponential in their number. Both are
/// bounded here by counts of bytes that can only be too high: text in quotes and comments counts as well.
enum YAMLAliasLimits {
    /// With no more aliases (`*name`) than this, nesting is below 17,000. 45,000 levels fit the usual stack of 8 MiB.
    static let aliasesOfAnyDepth = 16
    /// With more, the most lists and mappings in a file. A path from the root holds each at most once.
    static let collectionLimit = 20_000
    /// The most aliases in a file in which a list, a mapping or an alias is a key.
    static let aliasesWithCompoundKeys = 8

    /// Looks at a text.
    ///
    /// - Throws: An issue if its aliases could exhaust the stack or the processor.
    static func check(_ text: String, path: String) throws(ConfigurationIssue) {
        var scanner = AliasScanner()
        for byte in text.utf8 { scanner.read(byte) }
        let reason: String
        if scanner.hasCompoundKey, scanner.aliasCount > aliasesWithCompoundKeys {
            reason = "there are more than \(aliasesWithCompoundKeys) aliases (*name) beside a list or mapping as a key"
        } else if scanner.aliasCount > aliasesOfAnyDepth, scanner.collectionCount > collectionLimit {
            reason = "there are more than \(aliasesOfAnyDepth) aliases (*name) and \(collectionLimit) values"
        } else {
            return
        }
        throw ConfigurationIssue(
            .tooLarge, .file(path: path, line: nil, column: nil), reason, mend: "write the values out")
    }
}

private struct AliasScanner {
    private(set) var aliasCount = 0
    /// At least the number of lists and mappings.
    private(set) var collectionCount = 0
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
        // Every list and mapping has one of these, at its start or after its first key.
        if "[{:-?".utf8.contains(byte) { collectionCount += 1 }
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

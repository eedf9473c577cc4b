/// What a layer says about one key, before the key's rule has read it.
struct RawSetting: Sendable {
    indirect enum Content: Sendable {
        /// An unquoted YAML scalar: its spelling decides what it is.
        case plain(String)
        /// A quoted YAML scalar: text, whatever it looks like.
        case quoted(String)
        /// A word from the environment or the command line: the key decides what it is.
        case argument(String)
        case list([RawSetting])
        case mapping
        /// A scalar with a tag such as `!include` that means nothing here.
        case tagged(String)
    }

    let content: Content
    /// The line in the file, from 1; nil outside files.
    let line: Int?

    init(_ content: Content, line: Int? = nil) {
        self.content = content
        self.line = line
    }

    /// True for null and for nothing at all: the layer leaves the key to the layers below it.
    var isUnset: Bool {
        switch content {
        case .plain(let text), .argument(let text):
            if case .null = PlainScalar(text) { true } else { false }
        case .quoted(let text): text.isEmpty
        case .list, .mapping, .tagged: false
        }
    }

    /// What an unquoted scalar spells; nil for text and for anything that isn't a scalar.
    var spelled: PlainScalar? {
        switch content {
        case .plain(let text), .argument(let text): PlainScalar(text)
        case .quoted(let text): .text(text)
        case .list, .mapping, .tagged: nil
        }
    }

    /// The list's elements; a word is a list of words between commas, with or without brackets around it.
    var elements: [RawSetting]? {
        switch content {
        case .list(let elements): return elements
        case .argument(let text):
            var inner = text[...].trimmingSpaces
            if inner.hasPrefix("["), inner.hasSuffix("]"), inner.count >= 2 {
                inner = inner.dropFirst().dropLast().trimmingSpaces
            }
            if inner.isEmpty { return [] }
            return inner.split(separator: ",", omittingEmptySubsequences: false)
                .map { RawSetting(.argument(String($0.trimmingSpaces))) }
        case .plain, .quoted, .mapping, .tagged: return nil
        }
    }

    /// The setting for a message: what kind of thing it is and what it says.
    var found: String {
        switch content {
        case .quoted(let text): "the quoted text \(text.quotedForMessage)"
        case .list: "a list"
        case .mapping: "a mapping"
        case .tagged(let tag): "a value with the tag \(tag.quotedForMessage)"
        case .plain(let text), .argument(let text):
            switch PlainScalar(text) {
            case .null: "nothing"
            case .boolean: "the yes/no value \(text.quotedForMessage)"
            case .integer, .number: "the number \(text.quotedForMessage)"
            case .text: "the text \(text.quotedForMessage)"
            }
        }
    }
}

extension StringProtocol {
    /// The text in quotes, short and on one line, whatever it holds.
    var quotedForMessage: String {
        let shown = prefix(60)
        return "\"\(String(shown).onOneLine)\(shown.endIndex < endIndex ? "…" : "")\""
    }

    /// The text with control characters, line ends among them, written out.
    var onOneLine: String {
        var line = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format: line += scalar.escaped(asASCII: true)
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }

    /// The text without the spaces and tabs around it.
    var trimmingSpaces: SubSequence {
        guard let start = firstIndex(where: { $0 != " " && $0 != "\t" }),
            let end = lastIndex(where: { $0 != " " && $0 != "\t" })
        else { return self[startIndex..<startIndex] }
        return self[start...end]
    }
}

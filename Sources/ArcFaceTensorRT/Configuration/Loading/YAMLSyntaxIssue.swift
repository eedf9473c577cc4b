import Yams

extension ConfigurationIssue {
    /// An error of the parser as one of ours, with the line and the column.
    init(_ error: YamlError, in text: String, path: String) {
        func place(_ mark: Mark) -> Place { .file(path: path, line: mark.line, column: mark.column) }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            if problem.contains("found another document") {
                self.init(
                    .severalDocuments, place(mark), "a second YAML document starts here",
                    mend: "keep one document in the file")
            } else if YAMLLines(text).hasTab(at: mark) {
                self.init(.syntax, place(mark), "a tab can't indent YAML", mend: "indent with spaces")
            } else {
                let circumstances = context.map { " (\($0.text.trimmingSpaces) from line \($0.mark.line))" } ?? ""
                self.init(
                    .syntax, place(mark), "not YAML: \(problem.trimmingSpaces)\(circumstances)",
                    mend: "correct the syntax here or just above")
            }
        case .reader(let problem, let offset, _, _):
            let line = offset.map { text.prefix($0).count(where: \.isNewline) + 1 }
            self.init(
                .syntax, .file(path: path, line: line, column: nil), "not YAML: \(problem)",
                mend: "remove the control character")
        case .duplicatedKeysInMapping(let names, let context):
            let name = names.first ?? ""
            let lines = YAMLLines(text)
            let again = lines.repetition(of: name, at: context.mark)
            self.init(
                .duplicateKey, .file(path: path, line: again ?? context.mark.line, column: nil),
                key: lines.path(of: name, at: context.mark),
                again == nil ? "the key is there twice" : "the key is on line \(context.mark.line) already",
                mend: "remove one of them")
        default:
            self.init(
                .syntax, .file(path: path, line: nil, column: nil), "not YAML: \(error)", mend: "correct the file")
        }
    }
}

/// The lines of a YAML text, for what the parser doesn't tell about an error.
struct YAMLLines {
    private let lines: [Substring]

    init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    /// Whether a tab stands at a mark, or among the blanks before it.
    func hasTab(at mark: Mark) -> Bool {
        guard lines.indices.contains(mark.line - 1) else { return false }
        let line = lines[mark.line - 1].unicodeScalars
        return line.dropFirst(mark.column - 1).first == "\t"
            || line.prefix(mark.column - 1).allSatisfy { $0 == " " || $0 == "\t" }
                && line.prefix(mark.column - 1).contains("\t")
    }

    /// The line on which the key that is at `mark` is repeated, in block style; nil if it can't be told.
    func repetition(of name: String, at mark: Mark) -> Int? {
        guard mark.line >= 1, mark.line < lines.count else { return nil }
        for index in mark.line..<lines.count where indentation(index) == mark.column - 1 {
            if key(index) == name { return index + 1 }
        }
        return nil
    }

    /// The dotted path of the key at `mark` in block style, as far as indentation tells; else the name alone.
    func path(of name: String, at mark: Mark) -> String {
        guard lines.indices.contains(mark.line - 1), indentation(mark.line - 1) == mark.column - 1 else { return name }
        var names = [name]
        var column = mark.column - 1
        for index in stride(from: min(mark.line - 2, lines.count - 1), through: 0, by: -1) {
            guard let indentation = indentation(index), indentation < column, let parent = key(index) else { continue }
            names.append(parent)
            column = indentation
        }
        return names.reversed().joined(separator: ".")
    }

    /// The number of blanks before the text; nil where there is no text but perhaps a comment.
    private func indentation(_ index: Int) -> Int? {
        let blanks = lines[index].prefix { $0 == " " }.count
        guard let first = lines[index].dropFirst(blanks).first, first != "#" else { return nil }
        return blanks
    }

    private func key(_ index: Int) -> String? {
        guard let colon = lines[index].firstIndex(of: ":") else { return nil }
        var name = lines[index][..<colon].trimmingSpaces
        for quote in ["\"", "'"] where name.count >= 2 && name.hasPrefix(quote) && name.hasSuffix(quote) {
            name = name.dropFirst().dropLast()
        }
        return name.isEmpty ? nil : String(name)
    }
}

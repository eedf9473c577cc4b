/// Names on the left, texts on the right, broken where a line would become too long.
enum FactLines {
    /// The column in which the texts begin.
    private static let indent = 15
    private static let width = 100

    /// A name and a text, whose own lines and overlong ones go on under its beginning.
    static func fact(_ name: String, _ text: String) -> [String] {
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
                if !line.isEmpty, indent + line.count + word.count > width {
                    lines.append(line)
                    line = String(word)
                } else {
                    line += line.isEmpty ? word : " \(word)"
                }
            }
            lines.append(line)
        }
        return lines.enumerated().map { number, line in
            let start = number == 0 ? "  \(name)" : ""
            return start + String(repeating: " ", count: max(1, indent + 2 - start.count)) + line
        }
    }
}

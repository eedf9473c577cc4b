import Foundation

/// The README's table of troubles.
struct ReadmeTable {
    /// The texts of the first column, which are parts of errors.
    let phrases: [String]
    /// Rows that lack a reason or a mend.
    let incomplete: [String]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let lines = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let section = lines.drop { $0 != "### Trouble" }.dropFirst().prefix { !$0.hasPrefix("#") }
        let rows = section.filter { $0.hasPrefix("| `") }
        var phrases: [String] = []
        var incomplete: [String] = []
        for row in rows {
            let cells = row.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            // Text between backticks is every second piece.
            let pieces = cells[1].split(separator: "`", omittingEmptySubsequences: false)
            phrases += stride(from: 1, to: pieces.count, by: 2).map { String(pieces[$0]) }
            if cells.count != 5 || cells[2].isEmpty || cells[3].isEmpty { incomplete.append(String(row)) }
        }
        self.phrases = phrases
        self.incomplete = incomplete
    }
}

/// Rows of cells as lines: the first column on the left, all others on the right of theirs.
struct TextTable {
    private let rows: [[String]]

    /// - Parameter rows: cells; a row that ends early leaves the rest empty, and its last cell may be wider than its column.
    init(_ rows: [[String]]) {
        self.rows = rows
    }

    /// A line a row, without spaces at its end.
    var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.compactMap { row -> Int? in
                // A remark in place of figures shall not spread them.
                column < row.count && (row.count == columns || column < row.count - 1) ? row[column].count : nil
            }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
                return column == 0 || (row.count < columns && column == row.count - 1) ? cell + padding : padding + cell
            }
            var line = cells.joined(separator: "   ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

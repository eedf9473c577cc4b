/// Rows of cells as lines: texts on the left of their columns, figures on the right.
struct TextTable {
    private let rows: [[String]]
    private let textColumns: Int

    /// - Parameters:
    ///   - rows: cells; a row that ends early leaves the rest empty.
    ///   - textColumns: columns of text, which come first. A cell in the next one that is no figure is a remark in place of
    ///     figures, and may be wider than its column.
    init(_ rows: [[String]], textColumns: Int) {
        self.rows = rows
        self.textColumns = textColumns
    }

    /// A line a row, without spaces at its end.
    var lines: [String] {
        let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
            rows.compactMap { row in column < row.count && !isRemark(row, column) ? row[column].count : nil }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
                return column < textColumns || isRemark(row, column) ? cell + padding : padding + cell
            }
            var line = cells.joined(separator: "   ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// Whether a row ends with words where figures are due.
    private func isRemark(_ row: [String], _ column: Int) -> Bool {
        column > 0 && column == row.count - 1 && row[column].contains { $0 == " " }
            && row[column].contains(where: \.isLetter)
            && row != rows.first
    }
}

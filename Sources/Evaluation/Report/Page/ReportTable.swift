/// A table of figures: texts on the left, numbers on the right of their columns.
struct ReportTable: Sendable {
    /// A column's heading, and whether it holds text.
    struct Column: Sendable {
        var heading: String
        var isText: Bool

        init(_ heading: String, isText: Bool = false) {
            self.heading = heading
            self.isText = isText
        }
    }

    /// What stands in a cell.
    enum Cell: Sendable {
        case text(String)
        case number(Double, decimals: Int)
        case verdict(Verdict)
        case empty

        fileprivate var html: String {
            switch self {
            case .text(let text): HTMLText.escaped(text)
            case .number(let value, let decimals): HTMLText.number(value, decimals: decimals)
            case .verdict(let verdict): ReportPage.badge(verdict)
            case .empty: ""
            }
        }
    }

    var columns: [Column]
    /// As many cells a row as there are columns.
    var rows: [[Cell]]
    /// Whether rows with the same first cell belong together, and a stronger line stands above each such group.
    var isGrouped = false

    var html: String {
        let head = columns.map { "<th scope=\"col\"\(Self.kind($0))>\(HTMLText.escaped($0.heading))</th>" }
        let first = rows.map { $0.first?.html }
        let body = rows.enumerated().map { place, row in
            let begins = isGrouped && place > 0 && first[place] != first[place - 1]
            let kind = begins ? " class=\"begins\"" : ""
            return "<tr\(kind)>\(zip(columns, row).map { "<td\(Self.kind($0))>\($1.html)</td>" }.joined())</tr>\n"
        }
        return """
            <div class="scroll">
            <table class="figures">
            <thead><tr>\(head.joined())</tr></thead>
            <tbody>
            \(body.joined())</tbody>
            </table>
            </div>

            """
    }

    private static func kind(_ column: Column) -> String {
        column.isText ? " class=\"text\"" : ""
    }
}

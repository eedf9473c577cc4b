extension FacesReport {
    /// Above so many faces numbers no longer fit: colours alone are shown.
    private static let mostNumberedFaces = 24
    /// Above so many faces the table would be larger than everything else on the page.
    private static let mostFaces = 200

    /// The cosine matrix as a heat map with its legend.
    static func section(_ matrix: CosineMatrix) -> ReportPage.Section {
        ReportPage.Section(
            "Cosine similarity", detail: "\(matrix.count) × \(matrix.count)",
            body: matrix.count <= mostFaces
                ? table(matrix) : ReportPage.note("\(matrix.count) faces are too many for a table here."))
    }

    private static func table(_ matrix: CosineMatrix) -> String {
        var html = ""
        if let pair = matrix.closestPair {
            html += "<p class=\"note\">Most alike: faces <b>\(pair.first)</b> and <b>\(pair.second)</b>, "
            html += "\(HTMLText.number(pair.cosine, decimals: 3)).</p>\n"
        }
        let isNumbered = matrix.count <= mostNumberedFaces
        html += legend
        html += "<div class=\"scroll\">\n<table class=\"matrix \(isNumbered ? "numbers" : "colours")\">\n"
        html +=
            "<thead><tr><td></td>\((0..<matrix.count).map { head($0, scope: "col") }.joined())</tr></thead>\n<tbody>\n"
        for row in 0..<matrix.count {
            html += "<tr>\(head(row, scope: "row"))"
            for column in 0..<matrix.count {
                html += cell(matrix[row, column], row: row, column: column, numbered: isNumbered)
            }
            html += "</tr>\n"
        }
        return html + "</tbody>\n</table>\n</div>\n"
    }

    private static func head(_ number: Int, scope: String) -> String {
        "<th scope=\"\(scope)\"><i class=\"crop f\(number)\"></i>\(number)</th>"
    }

    private static func cell(_ cosine: Double, row: Int, column: Int, numbered: Bool) -> String {
        let shown = HTMLText.number(cosine, decimals: 2)
        let kinds = [
            cosine > 0.75 ? "strong" : nil, cosine < 0 ? "below" : nil,
        ].compactMap { $0 }
        let strength = cosine.isNaN ? 0 : min(1, abs(cosine))
        var html = "<td"
        if !kinds.isEmpty { html += " class=\"\(kinds.joined(separator: " "))\"" }
        html += " style=\"--v:\(HTMLText.number(strength, decimals: 2))\""
        html += " title=\"\(row) and \(column): \(HTMLText.number(cosine, decimals: 4))\">"
        return html + (numbered ? shown : "") + "</td>"
    }

    private static let legend = """
        <div class="legend" role="img" aria-label="Colours from minus one, opposite, over zero, unrelated, to one, equal">
        <span class="ramp"></span>
        <span class="ticks"><span>−1</span><span>−0.5</span><span>0 unrelated</span><span>0.5</span><span>1 equal</span></span>
        </div>

        """
}

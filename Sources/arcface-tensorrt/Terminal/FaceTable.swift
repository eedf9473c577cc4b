import ArcFaceTensorRT

/// Rows of faces, and the cosine between every two of them, as text.
final class FaceTable {
    private let limit: Int
    private var rows: [EmbedJob.Row] = []
    private var left = 0

    /// - Parameter limit: faces that are kept for the matrix; further ones are counted.
    init(limit: Int) {
        self.limit = limit
    }

    func add(_ new: [EmbedJob.Row]) {
        let kept = new.prefix(max(0, limit - rows.count))
        rows += kept
        left += new.count - kept.count
    }

    /// The table, the matrix, and what was left out.
    var text: String {
        var lines = [
            " row  score   norm  box (x, y, width × height)   image"
        ]
        for (number, row) in rows.enumerated() {
            let box = row.box.map { box in
                pad("\(Int(box.x)), \(Int(box.y)), \(Int(box.width)) × \(Int(box.height))", 27, left: false)
            }
            lines.append(
                pad("\(number)", 4) + pad(row.score.map { decimal(Double($0), digits: 3) } ?? "–", 7)
                    + pad(decimal(Double(row.norm), digits: 2), 7) + "  "
                    + (box ?? pad("aligned", 27, left: false)) + "  " + row.image)
        }
        if left > 0 { lines.append("… and \(left) more") }
        if rows.count > 1 { lines += [""] + matrix }
        return lines.joined(separator: "\n")
    }

    private var matrix: [String] {
        let header = "cos " + rows.indices.map { pad("\($0)", 7) }.joined()
        let body = rows.enumerated().map { number, row in
            pad("\(number)", 4) + rows.map { pad(decimal(cosine(row, $0), digits: 3), 7) }.joined()
        }
        return [header] + body
    }

    private func cosine(_ first: EmbedJob.Row, _ second: EmbedJob.Row) -> Double {
        zip(first.embedding, second.embedding).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }

    private func pad(_ text: String, _ width: Int, left: Bool = true) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return left ? padding + text : text + padding
    }
}

extension VerificationPage {
    /// A row for each figure, and for each scoring its value, its interval, and how far it is from the first.
    var table: ReportTable {
        var columns = [ReportTable.Column("", isText: true)]
        for (number, scoring) in scorings.enumerated() {
            columns += [.init(scoring.name), .init("interval")]
            if number > 0 { columns += [.init("shift"), .init("its interval")] }
        }
        guard let first = scorings.first else { return ReportTable(columns: columns, rows: []) }
        let points = first.figures.operatingPoints
        let names =
            ["accuracy, %"] + points.map { "TAR at FAR \(ReceiverChart.text(ofRate: $0.falseAcceptRate)), %" }
            + ["equal error rate, %", "area under the curve, %"]
        let rows = names.enumerated().map { row, name -> [ReportTable.Cell] in
            var cells = [ReportTable.Cell.text(name)]
            for (number, scoring) in scorings.enumerated() {
                let value = scoring.figures.values[row]
                let shown: ReportTable.Cell =
                    value.isNaN && (1...points.count).contains(row)
                    ? .text("needs \(points[row - 1].pairsNeeded) impostor pairs") : .number(value * 100, decimals: 2)
                cells += [shown, Self.interval(scoring.intervals, row)]
                guard number > 0 else { continue }
                cells += [
                    .text(Self.signed(value - first.figures.values[row])),
                    Self.interval(scoring.shifts, row, signed: true),
                ]
            }
            return cells
        }
        return ReportTable(columns: columns, rows: rows)
    }

    private static func interval(
        _ intervals: [VerificationBootstrap.Interval], _ row: Int, signed: Bool = false
    ) -> ReportTable.Cell {
        guard row < intervals.count, intervals[row].low.isFinite else { return .empty }
        let (low, high) = (intervals[row].low, intervals[row].high)
        return .text(
            signed
                ? "\(Self.signed(low)) … \(Self.signed(high))"
                : "\(HTMLText.number(low * 100, decimals: 2)) … \(HTMLText.number(high * 100, decimals: 2))")
    }

    /// In percent, with its sign.
    private static func signed(_ value: Double) -> String {
        guard value.isFinite else { return "" }
        let text = HTMLText.number(value * 100, decimals: 2)
        return value > 0 ? "+\(text)" : text
    }
}

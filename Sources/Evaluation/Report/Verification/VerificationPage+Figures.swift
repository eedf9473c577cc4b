extension VerificationPage {
    /// A row for each figure of each scoring: its value, its interval, and how far it is from the first scoring's.
    var table: ReportTable {
        let many = scorings.count > 1
        var columns = [ReportTable.Column("", isText: true)]
        if many { columns.append(.init("", isText: true)) }
        columns += [.init("value"), .init("interval")]
        if many { columns += [.init("shift from \(scorings[0].name)"), .init("interval")] }
        guard let first = scorings.first else { return ReportTable(columns: columns, rows: []) }
        let points = first.figures.operatingPoints
        let names =
            ["accuracy, %"]
            + points.map { "TAR at FAR \(ReceiverChart.text(ofRate: $0.falseAcceptRate)), %" }
            + ["equal error rate, %", "area under the curve, %"]
        let rows = names.enumerated().flatMap { place, name in
            if first.figures.values[place].isNaN, (1...points.count).contains(place) {
                let needed = ReportTable.Cell.text("needs \(points[place - 1].pairsNeeded) impostor pairs")
                return [
                    [.text(name)] + (many ? [.empty] : []) + [needed]
                        + columns.dropFirst(many ? 3 : 2).map { _ in .empty }
                ]
            }
            return scorings.indices.map { row(of: $0, place, name: $0 == 0 ? name : "") }
        }
        return ReportTable(columns: columns, rows: rows)
    }

    private func row(of number: Int, _ place: Int, name: String) -> [ReportTable.Cell] {
        let scoring = scorings[number]
        let value = scoring.figures.values[place]
        var cells = [ReportTable.Cell.text(name)]
        if scorings.count > 1 { cells.append(.text(scoring.name)) }
        cells += [.number(value * 100, decimals: 2), Self.interval(scoring.intervals, place)]
        guard scorings.count > 1 else { return cells }
        guard number > 0 else { return cells + [.empty, .empty] }
        return cells + [
            .text(Self.signed(value - scorings[0].figures.values[place])),
            Self.interval(scoring.shifts, place, signed: true),
        ]
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
        return text.contains { ("1"..."9").contains($0) } && value > 0 ? "+\(text)" : text
    }
}

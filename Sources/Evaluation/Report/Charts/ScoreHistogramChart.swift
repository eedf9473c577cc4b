/// How the scores of pairs of one person and of two people lie, each kind as a part of its own pairs.
struct ScoreHistogramChart: Sendable {
    private static let binCount = 60

    var pairs: PairScores
    /// Whether it shares the page's width with another.
    var isHalf = false
    /// Drawn as a line; none where it isn't finite.
    var threshold: Double

    var html: String {
        let low = pairs.scores.min() ?? 0
        let span = max((pairs.scores.max() ?? 1) - low, 1e-9)
        func bins(_ kind: Bool) -> [Double] {
            var bins = [Double](repeating: 0, count: Self.binCount)
            let kindCount = Double(kind ? pairs.sameCount : pairs.differentCount)
            for (score, isSame) in zip(pairs.scores, pairs.isSame) where isSame == kind {
                bins[min(Int((score - low) / span * Double(Self.binCount)), Self.binCount - 1)] += 1 / kindCount
            }
            return bins
        }
        let kinds = [bins(true), bins(false)]
        let top = kinds.joined().max() ?? 1
        var frame = ChartFrame()
        if isHalf { frame.width = 480 }
        frame.xTitle = "cosine similarity"
        frame.xTicks = (0...6).map { step in
            let part = Double(step) / 6
            return ChartFrame.Tick(place: part, label: HTMLText.number(low + part * span, decimals: 2))
        }
        frame.yTicks = (0...3).map { step in
            let part = Double(step) / 3
            return ChartFrame.Tick(place: part, label: HTMLText.number(part * top * 100, decimals: 1) + " %")
        }
        var drawing = kinds.enumerated().map { series, bins in
            area(bins, top: top, frame: frame, color: ChartFrame.color(series))
        }.joined()
        if threshold.isFinite, threshold >= low, threshold <= low + span {
            let x = HTMLText.coordinate(frame.x((threshold - low) / span))
            drawing += "<line x1=\"\(x)\" x2=\"\(x)\" y1=\"\(HTMLText.coordinate(frame.y(1)))\" "
            drawing += "y2=\"\(HTMLText.coordinate(frame.y(0)))\" stroke=\"var(--ink)\" stroke-dasharray=\"4 4\"/>\n"
        }
        return ChartFrame.legend(["one person", "two people"])
            + frame.svg(label: "Histogram of the similarities of both kinds of pairs", drawing)
    }

    private func area(_ bins: [Double], top: Double, frame: ChartFrame, color: String) -> String {
        let number = HTMLText.coordinate
        var points = ["\(number(frame.x(0))),\(number(frame.y(0)))"]
        for (bin, value) in bins.enumerated() {
            let y = number(frame.y(value / top))
            points.append("\(number(frame.x(Double(bin) / Double(bins.count)))),\(y)")
            points.append("\(number(frame.x(Double(bin + 1) / Double(bins.count)))),\(y)")
        }
        points.append("\(number(frame.x(1))),\(number(frame.y(0)))")
        return "<polygon points=\"\(points.joined(separator: " "))\" fill=\"\(color)\" fill-opacity=\".35\" "
            + "stroke=\"\(color)\"/>\n"
    }
}

internal import Foundation

/// How durations of several series lie, on a logarithmic axis; each series as high as its own highest bin.
struct DistributionChart: Sendable {
    private static let binCount = 80
    /// What lies beyond this percentile is left out, so that one hiccup doesn't squeeze all else together.
    private static let mostPercent = 99.5

    /// Names and durations in milliseconds, each above 0.
    var series: [(name: String, durations: [Double])]
    var label: String

    var html: String {
        let kept = series.map { item -> [Double] in
            let sorted = item.durations.sorted()
            let most = Percentile.linear(sorted, Self.mostPercent)
            return sorted.filter { $0 <= most }
        }
        guard let low = kept.compactMap(\.first).min(), let high = kept.compactMap(\.last).max(), low > 0 else {
            return ""
        }
        let start = log10(low) - 0.02
        let span = log10(high) + 0.02 - start
        var frame = ChartFrame()
        frame.width = 480
        frame.height = 190
        frame.left = 20
        frame.xTitle = "milliseconds a call"
        frame.xTicks = (0...4).map { step in
            let part = Double(step) / 4
            let value = pow(10, start + part * span)
            return ChartFrame.Tick(
                place: part, label: HTMLText.number(value, decimals: SignificantDigits.decimals(of: value)))
        }
        frame.yTicks = [ChartFrame.Tick(place: 0, label: "")]
        let drawing = kept.enumerated().map { number, durations in
            area(durations.map { (log10($0) - start) / span }, frame: frame, color: ChartFrame.color(number))
        }
        return frame.svg(label: label, drawing.joined())
    }

    private func area(_ places: [Double], frame: ChartFrame, color: String) -> String {
        var bins = [Double](repeating: 0, count: Self.binCount)
        for place in places { bins[min(max(Int(place * Double(Self.binCount)), 0), Self.binCount - 1)] += 1 }
        let top = bins.max() ?? 1
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

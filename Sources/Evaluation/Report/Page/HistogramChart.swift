/// A histogram as a drawing: bars, their bounds, and how many values each holds.
struct HistogramChart: Sendable {
    var histogram: Histogram
    /// What is counted, `faces`.
    var noun: String
    /// What the chart shows, for readers who don't see it.
    var label: String

    private static let size = (width: 720.0, height: 220.0)
    private static let margins = (left: 44.0, right: 16.0, top: 18.0, bottom: 30.0)
    private static let mostTicks = 6

    var html: String {
        """
        <svg class="chart" viewBox="0 0 \(Int(Self.size.width)) \(Int(Self.size.height))" role="img" \
        aria-label="\(HTMLText.escaped(label))">
        \(bars)\(axis)</svg>

        """
    }

    private var highest: Int { max(histogram.counts.max() ?? 0, 1) }
    private var plotWidth: Double { Self.size.width - Self.margins.left - Self.margins.right }
    private var bottom: Double { Self.size.height - Self.margins.bottom }

    private func x(_ bound: Int) -> Double {
        Self.margins.left + plotWidth * Double(bound) / Double(histogram.counts.count)
    }

    private func bound(_ place: Int, decimals: Int) -> String {
        HTMLText.number(histogram.start + Double(place) * histogram.step, decimals: decimals)
    }

    private var bars: String {
        let text = HTMLText.coordinate
        return histogram.counts.enumerated().map { place, count in
            guard count > 0 else { return "" }
            // Even one value among thousands must be seen.
            let height = max(2, (bottom - Self.margins.top) * Double(count) / Double(highest))
            let width = max(1, x(place + 1) - x(place) - 1)
            let range =
                "\(bound(place, decimals: histogram.decimals)) to \(bound(place + 1, decimals: histogram.decimals))"
            return """
                <rect class="bar" x="\(text(x(place)))" y="\(text(bottom - height))" width="\(text(width))" \
                height="\(text(height))"><title>\(range): \(count) \(HTMLText.escaped(noun))</title></rect>

                """
        }.joined()
    }

    private var axis: String {
        let text = HTMLText.coordinate
        var html = """
            <line class="axis" x1="\(text(Self.margins.left))" y1="\(text(bottom))" \
            x2="\(text(Self.size.width - Self.margins.right))" y2="\(text(bottom))"/>
            <text x="\(text(Self.margins.left - 6))" y="\(text(Self.margins.top + 4))" text-anchor="end">\(highest)</text>
            <text x="\(text(Self.margins.left - 6))" y="\(text(bottom))" text-anchor="end">0</text>

            """
        let every = max(1, (histogram.counts.count + Self.mostTicks - 1) / Self.mostTicks)
        for place in stride(from: 0, through: histogram.counts.count, by: every) {
            // The outermost labels stay inside of the drawing.
            let anchor = place == 0 ? "start" : (place == histogram.counts.count ? "end" : "middle")
            html += "<text x=\"\(text(x(place)))\" y=\"\(text(bottom + 18))\" text-anchor=\"\(anchor)\">"
            html += "\(bound(place, decimals: histogram.decimals))</text>\n"
        }
        return html
    }
}

/// The ground that charts are drawn on: axes with their ticks, and the way from values to pixels.
struct ChartFrame: Sendable {
    /// A mark on an axis.
    struct Tick: Sendable {
        /// Where, 0…1 along the axis.
        var place: Double
        /// What is written beside it.
        var label: String
    }

    var width = 860.0
    var height = 300.0
    var left = 64.0
    var right = 20.0
    var top = 12.0
    var bottom = 44.0
    /// What the horizontal axis counts.
    var xTitle = ""
    var xTicks: [Tick] = []
    var yTicks: [Tick] = []

    /// The pixel of a place along the horizontal axis, 0…1.
    func x(_ place: Double) -> Double { left + place * (width - left - right) }

    /// The pixel of a place along the vertical axis, 0…1 upwards.
    func y(_ place: Double) -> Double { height - bottom - place * (height - top - bottom) }

    /// An SVG with axes and, over them, the drawing.
    ///
    /// - Parameters:
    ///   - label: what the chart shows, for readers who don't see it; plain text.
    ///   - drawing: SVG elements.
    /// - Returns: one `svg` element.
    func svg(label: String, _ drawing: String) -> String {
        let number = HTMLText.coordinate
        var svg = "<svg class=\"chart\" viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" "
        svg += "aria-label=\"\(HTMLText.escaped(label))\">\n"
        for tick in yTicks {
            let y = number(y(tick.place))
            svg += "<line class=\"axis\" x1=\"\(number(x(0)))\" x2=\"\(number(x(1)))\" y1=\"\(y)\" y2=\"\(y)\"/>"
            svg += "<text x=\"\(number(left - 8))\" y=\"\(number(self.y(tick.place) + 4))\" text-anchor=\"end\">"
            svg += "\(HTMLText.escaped(tick.label))</text>\n"
        }
        for tick in xTicks {
            svg += "<text x=\"\(number(x(tick.place)))\" y=\"\(number(height - bottom + 18))\" text-anchor=\"middle\">"
            svg += "\(HTMLText.escaped(tick.label))</text>\n"
        }
        svg += "<text x=\"\(number((x(0) + x(1)) / 2))\" y=\"\(number(height - 6))\" text-anchor=\"middle\">"
        svg += "\(HTMLText.escaped(xTitle))</text>\n"
        return svg + drawing + "</svg>\n"
    }

    /// The colour of the series with a number, from 0.
    static func color(_ series: Int) -> String { "var(--series-\(series % 6 + 1))" }

    /// What the colours mean; nothing for a single series.
    static func legend(_ names: [String]) -> String {
        guard names.count > 1 else { return "" }
        let items = names.enumerated().map { series, name in
            "<span><i style=\"background:\(color(series))\"></i>\(HTMLText.escaped(name))</span>"
        }
        return "<p class=\"series\">\(items.joined())</p>\n"
    }

    static let style = """
        .series{display:flex;flex-wrap:wrap;gap:4px 20px;margin:0 0 10px;font-size:.85rem;color:var(--soft)}
        .series i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:6px;vertical-align:-1px}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:20px}
        .charts h3{font-size:.85rem;font-weight:600;color:var(--soft);margin:0 0 6px}
        """
}

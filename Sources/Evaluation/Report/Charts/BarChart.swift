/// Horizontal bars in groups, each with its name on the left and its figure at its end.
struct BarChart: Sendable {
    struct Bar: Sendable {
        var name: String
        var value: Double
        /// What stands at the bar's end.
        var figure: String
        /// Which colour, from 0.
        var series: Int
    }

    struct Group: Sendable {
        var heading: String
        var bars: [Bar]
    }

    var groups: [Group]
    /// What the chart shows, for readers who don't see it.
    var label: String

    private static let barHeight = 22.0
    private static let headingHeight = 30.0
    private static let width = 860.0
    private static let figureWidth = 190.0
    private static let mostNameWidth = 300.0
    private static let letterWidth = 6.6

    /// A name that fits beside the bars: of a longer one, such as a file's path, both ends.
    private static func short(_ name: String) -> String {
        let most = Int((mostNameWidth - 16) / letterWidth)
        guard name.count > most else { return name }
        return "\(name.prefix(most / 2 - 1))…\(name.suffix(most / 2))"
    }

    var html: String {
        let number = HTMLText.coordinate
        let longest = groups.flatMap(\.bars).map(\.name.count).max() ?? 0
        let left = min(Self.mostNameWidth, Double(longest) * Self.letterWidth + 16)
        let most = groups.flatMap(\.bars).map(\.value).max() ?? 1
        let room = Self.width - left - Self.figureWidth
        var y = 0.0
        var drawing = ""
        for group in groups {
            drawing += "<text x=\"0\" y=\"\(number(y + 20))\" font-weight=\"600\" style=\"fill:var(--ink)\">"
            drawing += "\(HTMLText.escaped(group.heading))</text>\n"
            y += Self.headingHeight
            for bar in group.bars {
                let length = max(1, bar.value / most * room)
                drawing += "<text x=\"\(number(left - 8))\" y=\"\(number(y + 14))\" text-anchor=\"end\">"
                drawing += "\(HTMLText.escaped(Self.short(bar.name)))</text>"
                drawing += "<rect x=\"\(number(left))\" y=\"\(number(y + 2))\" width=\"\(number(length))\" "
                drawing +=
                    "height=\"\(number(Self.barHeight - 6))\" rx=\"3\" fill=\"\(ChartFrame.color(bar.series))\"/>"
                drawing += "<text x=\"\(number(left + length + 8))\" y=\"\(number(y + 14))\">"
                drawing += "\(HTMLText.escaped(bar.figure))</text>\n"
                y += Self.barHeight
            }
            y += 8
        }
        return "<svg class=\"chart\" viewBox=\"0 0 \(number(Self.width)) \(number(y))\" role=\"img\" "
            + "aria-label=\"\(HTMLText.escaped(label))\">\n\(drawing)</svg>\n"
    }
}

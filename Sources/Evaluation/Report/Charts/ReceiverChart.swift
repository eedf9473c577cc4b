internal import Foundation

/// True accept rates over false accept rates, the latter on a logarithmic axis.
struct ReceiverChart: Sendable {
    /// A line and what it is called.
    var curves: [(name: String, curve: ReceiverCurve)]
    /// The smallest false accept rate that the pairs can tell; the axis begins at the power of ten at or below it.
    var leastRate: Double

    var html: String {
        var decades = 1
        while decades < 6, pow(10, Double(-decades)) > leastRate * 1.0001 { decades += 1 }
        // The interesting part of a good model's curve is its last percent.
        let lowest =
            curves.compactMap { item in
                item.curve.points.first { $0.falseAcceptRate >= pow(10, Double(-decades)) }?.trueAcceptRate
            }.min() ?? 0
        let floor = [0.95, 0.9, 0.8, 0.5].first { $0 <= lowest } ?? 0
        var frame = ChartFrame()
        frame.xTitle = "false accept rate"
        frame.xTicks = (0...decades).map { decade in
            ChartFrame.Tick(
                place: Double(decade) / Double(decades), label: Self.text(ofRate: pow(10, Double(decade - decades))))
        }
        frame.yTicks = (0...4).map { step in
            let part = Double(step) / 4
            return ChartFrame.Tick(
                place: part,
                label: HTMLText.number((floor + part * (1 - floor)) * 100, decimals: floor > 0.8 ? 2 : 0) + " %")
        }
        let lines = curves.enumerated().map { series, item in
            line(item.curve, floor: floor, decades: decades, frame: frame, color: ChartFrame.color(series))
        }
        return ChartFrame.legend(curves.map(\.name))
            + frame.svg(label: "True accept rate over false accept rate", lines.joined())
    }

    /// `10⁻³` for 0.001, and 1 for 1; other rates as they are.
    static func text(ofRate rate: Double) -> String {
        let exponent = Int(-log10(rate).rounded())
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        guard abs(rate * pow(10, Double(exponent)) - 1) < 1e-9, digits.indices.contains(exponent) else {
            return "\(rate)"
        }
        return exponent == 0 ? "1" : "10⁻\(digits[exponent])"
    }

    private func line(
        _ curve: ReceiverCurve, floor: Double, decades: Int, frame: ChartFrame, color: String
    ) -> String {
        let lowest = pow(10, Double(-decades))
        func place(_ point: ReceiverCurve.Point) -> (x: Double, y: Double) {
            let rate = max(point.falseAcceptRate, lowest)
            return (1 + log10(rate) / Double(decades), max(0, (point.trueAcceptRate - floor) / (1 - floor)))
        }
        var steps: [String] = []
        var last: (x: Double, y: Double)?
        for (index, point) in curve.points.enumerated() {
            // Of many points at one false accept rate the last one counts.
            let next = curve.points.dropFirst(index + 1).first
            if let next, next.falseAcceptRate == point.falseAcceptRate { continue }
            let here = place(point)
            if let last { steps.append("\(number(frame.x(here.x))),\(number(frame.y(last.y)))") }
            steps.append("\(number(frame.x(here.x))),\(number(frame.y(here.y)))")
            last = here
        }
        return "<polyline points=\"\(steps.joined(separator: " "))\" fill=\"none\" stroke=\"\(color)\" "
            + "stroke-width=\"2\" stroke-linejoin=\"round\"/>\n"
    }

    private func number(_ value: Double) -> String { HTMLText.coordinate(value) }
}

/// How many values fall into each of equally wide intervals, whose bounds are numbers that people can read.
package struct Histogram: Sendable, Equatable {
    /// The first interval's lower bound.
    package let start: Double
    /// The intervals' width, above 0: 1, 2 or 5 times a power of ten.
    package let step: Double
    /// Values in each interval; a value on a bound belongs to the interval above it, one on the last bound to the last interval.
    package let counts: [Int]
    /// Values that aren't finite and were left out.
    package let leftOut: Int

    /// Counts values.
    ///
    /// - Parameters:
    ///   - values: In any order.
    ///   - bins: Intervals wanted; there may be up to two and a half times as many, or fewer.
    ///   - smallestStep: No interval is narrower; above 0.
    ///   - limits: No interval lies outside of these.
    package init(
        _ values: [Double], bins: Int = 20, smallestStep: Double = 1e-9, limits: ClosedRange<Double>? = nil
    ) {
        let finite = values.filter(\.isFinite)
        leftOut = values.count - finite.count
        let least = finite.min() ?? 0
        let largest = max(finite.max() ?? 0, least + smallestStep)
        step = Self.readable(max((largest - least) / Double(max(1, bins)), smallestStep))
        var first = (least / step + 1e-9).rounded(.down)
        var last = max((largest / step - 1e-9).rounded(.up), first + 1)
        if let limits {
            // A value that rounding put on a limit must not open an interval beyond it.
            first = max(first, (limits.lowerBound / step + 1e-6).rounded(.down))
            last = min(last, (limits.upperBound / step - 1e-6).rounded(.up))
            if last <= first { first = last - 1 }
        }
        start = first * step
        var counts = [Int](repeating: 0, count: Int(last - first))
        for value in finite {
            let place = Int(((value - first * step) / step + 1e-9).rounded(.down))
            counts[min(max(place, 0), counts.count - 1)] += 1
        }
        self.counts = counts
    }

    /// The last interval's upper bound.
    package var end: Double { start + Double(counts.count) * step }

    /// Decimals that tell two neighbouring bounds apart.
    package var decimals: Int {
        var decimals = 0
        var unit = step
        while unit < 0.999, decimals < 12 {
            unit *= 10
            decimals += 1
        }
        return decimals
    }

    /// The smallest of 1, 2, 5, 10 … times a power of ten that isn't below the width.
    private static func readable(_ width: Double) -> Double {
        var power = 1.0
        while power > width { power /= 10 }
        while power * 10 <= width { power *= 10 }
        let factor = [1.0, 2, 5, 10].first { $0 * power >= width * (1 - 1e-9) } ?? 10
        return factor * power
    }
}

/// How the threshold of a value is found from its histogram.
package enum CalibrationMethod: String, Sendable, CaseIterable {
    /// The largest magnitude: nothing is clipped.
    case max
    /// The magnitude that 99.99 % of the numbers don't exceed.
    case percentile
    /// The threshold whose 128 steps keep most of the distribution's information: least Kullback–Leibler divergence.
    case entropy
    /// The threshold of the least mean square error, rounding and clipping together.
    case mse

    /// The share of numbers that `percentile` doesn't clip.
    static let share = 0.9999
    /// Positive steps of a signed byte.
    private static let steps = 127

    /// The threshold.
    ///
    /// - Parameter histogram: the magnitudes of a value.
    /// - Returns: a magnitude, at most the largest; NaN if numbers were infinite or none.
    package func threshold(_ histogram: MagnitudeHistogram) -> Float {
        guard histogram.notFinite == 0 else { return .nan }
        guard histogram.largest > 0, histogram.bins.contains(where: { $0 > 0 }) else { return histogram.largest }
        let found: Float
        switch self {
        case .max: return histogram.largest
        case .percentile: found = Self.percentile(histogram)
        case .entropy: found = Self.entropy(histogram)
        case .mse: found = Self.leastSquares(histogram)
        }
        return Swift.min(found, histogram.largest)
    }

    private static func percentile(_ histogram: MagnitudeHistogram) -> Float {
        let total = histogram.bins.reduce(0, +)
        let wanted = UInt64((Double(total) * share).rounded(.up))
        var seen: UInt64 = 0
        for (bin, count) in histogram.bins.enumerated() {
            seen += count
            if seen >= wanted { return Float(bin + 1) * histogram.width }
        }
        return histogram.largest
    }

    /// Tries thresholds from 30 % of the largest magnitude up; the first of equals wins.
    private static func leastSquares(_ histogram: MagnitudeHistogram) -> Float {
        let filled = histogram.bins.indices.filter { histogram.bins[$0] > 0 }
        var best = (error: Double.infinity, threshold: histogram.largest)
        for percent in stride(from: 30, through: 100, by: 1) {
            let threshold = histogram.largest * Float(percent) / 100
            let scale = threshold / Float(steps)
            guard scale > 0, (1 / scale).isFinite else { continue }
            var error = 0.0
            for bin in filled {
                let magnitude = histogram.centre(bin)
                let step = Swift.min((magnitude / scale).rounded(.toNearestOrEven), Float(steps))
                let lost = Double(magnitude - step * scale)
                error += Double(histogram.bins[bin]) * lost * lost
            }
            if error < best.error { best = (error, threshold) }
        }
        return best.threshold
    }
}

/// Order statistics as NumPy computes them by default (`method="linear"`).
enum Percentile {
    /// The value at rank (n − 1)·p/100, interpolated linearly between its neighbours; NaN for no values.
    ///
    /// - Parameters:
    ///   - sorted: Values in ascending order.
    ///   - percent: From 0 to 100.
    /// - Returns: The percentile, within the range of the values.
    static func linear(_ sorted: [Double], _ percent: Double) -> Double {
        guard let first = sorted.first, let last = sorted.last else { return .nan }
        let rank = Double(sorted.count - 1) * percent / 100
        guard rank > 0 else { return first }
        guard rank < Double(sorted.count - 1) else { return last }
        let lower = Int(rank)
        return sorted[lower] + (rank - Double(lower)) * (sorted[lower + 1] - sorted[lower])
    }

    static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }
}

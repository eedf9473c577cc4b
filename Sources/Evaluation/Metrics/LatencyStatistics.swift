/// The spread of measured durations, in the unit in which they were given.
///
/// Percentiles are NumPy's default: the value at rank (n − 1)·p/100 of the sorted durations, interpolated linearly
/// between neighbours.
public struct LatencyStatistics: Sendable, Equatable, Codable {
    /// Durations measured.
    public var count: Int
    /// The arithmetic mean.
    public var mean: Double
    /// The shortest.
    public var min: Double
    /// The longest.
    public var max: Double
    /// The 50th percentile.
    public var median: Double
    /// The 90th percentile.
    public var p90: Double
    /// The 95th percentile.
    public var p95: Double
    /// The 99th percentile.
    public var p99: Double

    /// Summarises durations in any order.
    ///
    /// - Throws: `EvaluationError` when there are none, or one isn't finite.
    public init(_ durations: [Double]) throws(EvaluationError) {
        guard !durations.isEmpty, durations.allSatisfy(\.isFinite) else {
            throw EvaluationError(
                code: .empty, what: durations.isEmpty ? "no durations were measured" : "a duration isn't finite")
        }
        let sorted = durations.sorted()
        count = sorted.count
        mean = Percentile.mean(sorted)
        min = Percentile.linear(sorted, 0)
        max = Percentile.linear(sorted, 100)
        median = Percentile.linear(sorted, 50)
        p90 = Percentile.linear(sorted, 90)
        p95 = Percentile.linear(sorted, 95)
        p99 = Percentile.linear(sorted, 99)
    }
}

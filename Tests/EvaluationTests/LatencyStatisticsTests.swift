import Testing

@testable import Evaluation

struct LatencyStatisticsTests {
    @Test func percentilesAreNumPysDefault() throws {
        // numpy.percentile([((i * 37) % 101) / 10 for i in range(23)], [50, 90, 95, 99])
        let statistics = try LatencyStatistics((0..<23).map { Double(($0 * 37) % 101) / 10 })
        #expect(statistics.count == 23)
        for (value, expected) in zip(
            [
                statistics.mean, statistics.min, statistics.max, statistics.median, statistics.p90, statistics.p95,
                statistics.p99,
            ], [4.691304347826087, 0, 9.7, 4.7, 8.64, 9.33, 9.634])
        {
            #expect(abs(value - expected) < 1e-12)
        }
    }

    @Test func percentilesInterpolateBetweenNeighbours() throws {
        // Rank (4 − 1)·0.9 = 2.7 between 30 and 40.
        let statistics = try LatencyStatistics([40, 10, 30, 20])
        #expect(statistics.median == 25)
        #expect(abs(statistics.p90 - 37) < 1e-12)
        #expect(abs(statistics.p99 - 39.7) < 1e-12)
    }

    @Test func oneDurationIsEveryPercentile() throws {
        let statistics = try LatencyStatistics([3.5])
        #expect(statistics.min == 3.5 && statistics.median == 3.5 && statistics.p99 == 3.5 && statistics.mean == 3.5)
    }

    @Test func nothingAndNumbersThatAreNotFiniteAreRefused() {
        #expect(throws: EvaluationError.self) { try LatencyStatistics([]) }
        #expect(throws: EvaluationError.self) { try LatencyStatistics([1, .nan]) }
    }
}

import Testing

@testable import Evaluation

struct ComparisonThresholdsTests {
    /// A comparison of one face, with the three numbers that are judged.
    private func metrics(mean: Double = 1, min: Double = 1, l2: Double = 0) throws -> AgreementMetrics {
        let vector: [Float] = [1]
        var metrics = try vector.withUnsafeBufferPointer {
            try AgreementMetrics(reference: $0, candidate: $0, width: 1)
        }
        metrics.cosineMean = mean
        metrics.cosineMin = min
        metrics.l2Mean = l2
        return metrics
    }

    @Test(arguments: [
        (0.995, Verdict.pass), (0.99499, .warn), (0.990, .warn), (0.98999, .fail), (-.infinity, .fail), (.nan, .fail),
    ])
    func theMeanCosineIsJudged(value: Double, expected: Verdict) throws {
        let judgement = ComparisonThresholds.standard.judge(try metrics(mean: value))
        #expect(judgement.cosineMean == expected && judgement.overall == expected)
        #expect(judgement.cosineMin == .pass && judgement.l2Mean == .pass)
    }

    @Test(arguments: [(0.990, Verdict.pass), (0.98999, .warn), (0.980, .warn), (0.97999, .fail)])
    func theSmallestCosineIsJudged(value: Double, expected: Verdict) throws {
        let judgement = ComparisonThresholds.standard.judge(try metrics(min: value))
        #expect(judgement.cosineMin == expected && judgement.overall == expected)
    }

    @Test(arguments: [(0.04999, Verdict.pass), (0.05, .warn), (0.10, .warn), (0.10001, .fail), (.nan, .fail)])
    func theMeanDistanceIsJudged(value: Double, expected: Verdict) throws {
        let judgement = ComparisonThresholds.standard.judge(try metrics(l2: value))
        #expect(judgement.l2Mean == expected && judgement.overall == expected)
    }

    @Test func theWorstMeasureIsTheVerdict() throws {
        #expect(ComparisonThresholds.standard.judge(try metrics(mean: 0.992, min: 0.5)).overall == .fail)
        #expect(ComparisonThresholds.standard.judge(try metrics(mean: 0.992, l2: 0.07)).overall == .warn)
    }

    @Test func int8HasMoreRoom() throws {
        let quantised = try metrics(mean: 0.996, min: 0.981, l2: 0.09)
        #expect(ComparisonThresholds.int8.judge(quantised).overall == .pass)
        #expect(ComparisonThresholds.standard.judge(quantised).overall == .warn)
        #expect(ComparisonThresholds.int8.judge(try metrics(l2: 0.14)).overall == .warn)
        #expect(ComparisonThresholds.int8.judge(try metrics(min: 0.959)).overall == .fail)
    }

    @Test func aNumberThatIsNotFiniteFailsWhateverTheRestSays() throws {
        var broken = try metrics()
        broken.nanCount = 1
        #expect(ComparisonThresholds.standard.judge(broken).overall == .fail)
    }
}

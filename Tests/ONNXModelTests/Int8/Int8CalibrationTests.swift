import Testing

@testable import ONNXModel

@Suite struct Int8CalibrationTests {
    private func histogram(_ batches: [[Float]], samples: Int = .max) -> MagnitudeHistogram {
        var histogram = MagnitudeHistogram()
        for batch in batches { batch.withUnsafeBufferPointer { histogram.add($0, samples: samples) } }
        return histogram
    }

    /// Sums of twelve uniform numbers: about normal, standard deviation 1.
    private func normal(_ count: Int) -> [Float] {
        var generator = SeededGenerator(seed: 9)
        return (0..<count).map { _ in generator.floats(12, in: 0...1).reduce(-6, +) }
    }

    /// The mean square of what symmetric bytes with this threshold lose.
    private func error(_ values: [Float], _ threshold: Float) -> Double {
        let scale = threshold / 127
        return values.reduce(0) { sum, value in
            let kept = max(-127, min(127, (value / scale).rounded())) * scale
            return sum + Double((value - kept) * (value - kept))
        } / Double(values.count)
    }

    @Test func batchesInAnyOrderGiveTheSameHistogram() {
        let batches: [[Float]] = [[0.001, -0.002], [0, 0], [700, -3], [0.5]]
        // Not in the expectation itself, which would print both.
        let equal = histogram(batches) == histogram(batches.reversed())
        #expect(equal)
        #expect(histogram(batches).bins.reduce(0, +) == 7)
        #expect(histogram(batches).largest == 700)
    }

    @Test func samplingMissesNoLargestNumber() {
        var values = [Float](repeating: 1, count: 10_000)
        values[7_777] = -42
        let sampled = histogram([values], samples: 100)
        #expect(sampled.largest == 42)
        #expect(sampled.bins.reduce(0, +) < 200)
    }

    @Test(arguments: CalibrationMethod.allCases)
    func numbersThatAreNotFiniteGiveNoThreshold(method: CalibrationMethod) {
        #expect(method.threshold(histogram([[1, .nan]])).isNaN)
        #expect(method.threshold(histogram([[1, .infinity]])).isNaN)
    }

    @Test(arguments: CalibrationMethod.allCases)
    func zerosGiveAThresholdOfZeroAndNothingLargerThanTheLargest(method: CalibrationMethod) {
        #expect(method.threshold(histogram([[0, 0, 0]])) == 0)
        #expect(method.threshold(MagnitudeHistogram()) == 0)
        let values = normal(20_000)
        let largest = values.map { abs($0) }.max() ?? 0
        let threshold = method.threshold(histogram([values]))
        #expect(threshold <= largest && threshold > largest * 0.3)
    }

    @Test func eachMethodTreatsAnOutlierInItsOwnWay() {
        let values = normal(40_000) + [60]
        let histogram = histogram([values])
        #expect(CalibrationMethod.max.threshold(histogram) == 60)
        #expect(
            (3.5...4.5).contains(CalibrationMethod.percentile.threshold(histogram)), "99.99 % of a normal distribution")
        #expect((2...10).contains(CalibrationMethod.entropy.threshold(histogram)))
        // Least where N · T / (6 · 127²) = 60 − T.
        #expect((48...52).contains(CalibrationMethod.mse.threshold(histogram)))
    }

    @Test func noThresholdLosesLessThanThatOfLeastSquares() {
        let values = normal(10_000)
        let histogram = histogram([values])
        let least = error(values, CalibrationMethod.mse.threshold(histogram))
        for percent in stride(from: 30, through: 100, by: 5) {
            // The histogram knows magnitudes to a bin, so it may miss the optimum by a hair.
            #expect(least <= error(values, histogram.largest * Float(percent) / 100) * 1.01)
        }
        #expect(least < error(values, histogram.largest) * 0.98, "some clipping pays")
    }
}

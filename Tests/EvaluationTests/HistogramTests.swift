import Testing

@testable import Evaluation

struct HistogramTests {
    @Test(arguments: [
        [0.991, 0.9951, 0.9999, 1.0], [0.99999912, 0.99999955, 1], [-0.2, 0.3, 1], [0.5], [1, 1, 1], [],
    ])
    func `every value is counted once, between readable bounds`(values: [Double]) {
        let histogram = Histogram(values, smallestStep: 1e-8, limits: -1...1)
        #expect(histogram.counts.reduce(0, +) == values.count && histogram.leftOut == 0)
        #expect(histogram.start >= -1 - 1e-9 && histogram.end <= 1 + 1e-9)
        #expect(histogram.counts.count <= 60)
        for value in values { #expect(value >= histogram.start - 1e-9 && value <= histogram.end + 1e-9) }
        let mantissa = histogram.step / Self.power(of: histogram.step)
        #expect([1.0, 2, 5].contains { abs($0 - mantissa) < 1e-6 })
    }

    @Test func `values are counted in their intervals`() {
        let histogram = Histogram([0, 1, 1, 2.5, 9.99, 10], bins: 10)
        #expect(histogram.start == 0 && histogram.step == 1)
        #expect(histogram.counts == [1, 2, 1, 0, 0, 0, 0, 0, 0, 2])
        #expect(histogram.decimals == 0)
    }

    @Test func `what isn't finite is left out and counted`() {
        let histogram = Histogram([0.1, .nan, .infinity, 0.2])
        #expect(histogram.leftOut == 2 && histogram.counts.reduce(0, +) == 2)
    }

    private static func power(of step: Double) -> Double {
        var power = 1.0
        while power > step * (1 + 1e-9) { power /= 10 }
        while power * 10 <= step * (1 + 1e-9) { power *= 10 }
        return power
    }
}

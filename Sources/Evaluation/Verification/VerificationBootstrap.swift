internal import Dispatch
internal import Synchronization

/// How far the figures of verification may be off for want of pairs: 95 % intervals by the percentile bootstrap
/// (Efron 1979).
///
/// Pairs count as independent, which pairs that share a person aren't quite; the intervals are a little too narrow for it.
package struct VerificationBootstrap: Sendable {
    /// The 2.5th and the 97.5th percentile; NaN where there are no figures.
    package struct Interval: Sendable, Equatable {
        package let low: Double
        package let high: Double

        init(_ values: [Double]) {
            let sorted = values.filter { !$0.isNaN }.sorted()
            low = Percentile.linear(sorted, 2.5)
            high = Percentile.linear(sorted, 97.5)
        }
    }

    /// For each scoring, the first one included, an interval for each of `VerificationFigures.values`.
    package let intervals: [[Interval]]
    /// For each other scoring of the same pairs, an interval of each figure's shift (other − first), both measured on the
    /// same draws.
    package let shifts: [[Interval]]

    /// Draws samples and measures each; on all cores.
    ///
    /// - Parameters:
    ///   - first: the pairs with their scores.
    ///   - others: the same pairs, scored otherwise.
    ///   - samples: how many are drawn, 1 or more.
    ///   - seed: which; equal seeds give equal intervals.
    package init(_ first: PairScores, against others: [PairScores] = [], samples: Int, seed: UInt64) {
        let sampler = BootstrapSampler(first, seed: seed)
        let all = [first] + others
        let drawn = Mutex([[[Double]]](repeating: [], count: samples))
        DispatchQueue.concurrentPerform(iterations: samples) { number in
            let weights = sampler.weights(ofSample: number)
            let figures = all.map { VerificationFigures($0, weights: weights).values }
            drawn.withLock { $0[number] = figures }
        }
        let figures = drawn.withLock { $0 }
        let names = (figures.first?.first ?? []).indices
        intervals = all.indices.map { scoring in
            names.map { name in Interval(figures.map { $0[scoring][name] }) }
        }
        shifts = others.indices.map { other in
            names.map { name in Interval(figures.map { $0[other + 1][name] - $0[0][name] }) }
        }
    }
}

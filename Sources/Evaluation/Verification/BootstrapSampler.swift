/// Draws pairs with replacement, within each fold and kind of pair, so that every sample has the shape of the original.
///
/// Sample `n` of a seed is the same on every machine and in every order of drawing.
package struct BootstrapSampler: Sendable {
    private let strata: [[Int]]
    private let count: Int
    private let seed: UInt64

    /// - Parameters:
    ///   - pairs: what is drawn from; scores don't matter.
    ///   - seed: any number.
    package init(_ pairs: PairScores, seed: UInt64) {
        var strata = [[Int]](repeating: [], count: 2 * pairs.foldCount)
        for pair in pairs.scores.indices { strata[2 * pairs.folds[pair] + (pairs.isSame[pair] ? 1 : 0)].append(pair) }
        self.strata = strata.filter { !$0.isEmpty }
        self.seed = seed
        count = pairs.count
    }

    /// How often each pair is drawn in sample `number`.
    package func weights(ofSample number: Int) -> [Int] {
        var generator = SplitMix64(seed: seed &+ UInt64(truncatingIfNeeded: number) &* 0xD1B5_4A32_D192_ED03)
        var weights = [Int](repeating: 0, count: count)
        for stratum in strata {
            for _ in stratum.indices {
                // Lemire's multiplication; its bias is below 2⁻⁴⁰ for any number of pairs that fits into memory.
                let place = generator.next().multipliedFullWidth(by: UInt64(stratum.count)).high
                weights[stratum[Int(place)]] += 1
            }
        }
        return weights
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Finds which parts of a network have to stay in float32 for the rest to be good enough in 8 bits.
///
/// Parts are ranked by the error that each makes alone, and handed back worst first until the whole is accepted. How many
/// that takes is found by bisection. Everything is decided by numbers of the network and its faces, so that the same inputs
/// give the same choice; the number of runs is bounded by `maximumGroups` and the logarithm of the parts. Only a search that
/// outlasts its time limit is cut short, and says so.
struct MixedPrecisionSearch {
    /// What came of a search.
    struct Outcome: Equatable {
        /// Parts that stay in float32, the worst first.
        var kept: [Ranked]
        /// Runs that ranked and runs that judged.
        var rankings: Int
        var judgements: Int
        /// Whether time ran out before the fewest parts were found.
        var isCutShort = false
    }

    /// A part and the error that it makes alone.
    struct Ranked: Equatable, Codable {
        var unit: String
        /// One less the mean cosine; nil where there was no time left to rank it.
        var error: Double?

        init(unit: String, error: Double? = nil) {
            self.unit = unit
            self.error = error
        }
    }

    /// The parts, in the network's order.
    let units: [String]
    /// More parts than this are ranked in groups of neighbours.
    let maximumGroups: Int

    /// Parts that are ranked together.
    var groups: [[String]] {
        let size = max(1, (units.count + maximumGroups - 1) / max(maximumGroups, 1))
        return stride(from: 0, to: units.count, by: size).map { Array(units[$0..<min($0 + size, units.count)]) }
    }

    /// Searches.
    ///
    /// - Parameters:
    ///   - isOverdue: whether so large a part of the time is over. Ranking may take half of it: what isn't ranked by then counts
    ///     as less sensitive than all that is. Past the limit the next choice that is accepted is taken.
    ///   - error: the error of the network with only these parts in 8 bits; called once a group.
    ///   - accepts: whether the network is good enough with these parts in float32 and all others in 8 bits. It is taken
    ///     for granted that more parts in float32 make it no worse.
    /// - Returns: the parts to keep; all of them if nothing less is accepted.
    /// - Throws: what the two throw.
    func run(
        isOverdue: (_ share: Double) -> Bool = { _ in false },
        error: (_ quantized: Set<String>) throws(ArcFaceError) -> Double,
        accepts: (_ kept: Set<String>) throws(ArcFaceError) -> Bool
    ) throws(ArcFaceError) -> Outcome {
        if try accepts([]) { return Outcome(kept: [], rankings: 0, judgements: 1) }
        var ranking: [(group: [String], error: Double?)] = []
        var rankings = 0
        for group in groups {
            let isLate = rankings < ranking.count || isOverdue(0.5)
            ranking.append((group, isLate ? nil : try error(Set(group))))
            if !isLate { rankings += 1 }
        }
        let order = ranking.indices.sorted { Self.isWorse(ranking[$0].error, $0, ranking[$1].error, $1) }
        var judgements = 1
        func isEnough(_ count: Int) throws(ArcFaceError) -> Bool {
            judgements += 1
            return try accepts(Set(order.prefix(count).flatMap { ranking[$0].group }))
        }
        // Mostly a few do, so the first guesses are small.
        var (refused, enough) = (0, order.count)
        var tried = 1
        while tried < enough {
            if try isEnough(tried) {
                enough = tried
            } else {
                refused = tried
                tried *= 2
            }
        }
        while enough - refused > 1, !isOverdue(1) {
            let middle = refused + (enough - refused) / 2
            if try isEnough(middle) { enough = middle } else { refused = middle }
        }
        let kept = order.prefix(enough).flatMap { place in
            ranking[place].group.map { Ranked(unit: $0, error: ranking[place].error) }
        }
        return Outcome(
            kept: kept, rankings: rankings, judgements: judgements,
            isCutShort: rankings < ranking.count || enough - refused > 1)
    }

    /// A NaN is the worst of all, what isn't ranked the least; of equals the first in the network goes first.
    private static func isWorse(_ left: Double?, _ leftPlace: Int, _ right: Double?, _ rightPlace: Int) -> Bool {
        guard let left, let right else { return left == nil && right == nil ? leftPlace < rightPlace : right == nil }
        if left.isNaN != right.isNaN { return left.isNaN }
        return left == right || left.isNaN ? leftPlace < rightPlace : left > right
    }
}

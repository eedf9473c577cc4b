/// Pairs of faces with a similarity each: what verification is measured on.
///
/// The order of the pairs is the caller's; all measures here take weights in that order, so that a bootstrap costs no
/// second sorting.
package struct PairScores: Sendable {
    /// The similarity of each pair; the larger, the more alike.
    package let scores: [Double]
    /// Whether both faces of the pair are of one person.
    package let isSame: [Bool]
    /// The fold of each pair, 0 ..< `foldCount`.
    package let folds: [Int]
    /// Folds that accuracy is measured over, 2 or more.
    package let foldCount: Int
    /// Positions of the pairs by descending score.
    let order: [Int]

    /// Sorts the pairs by score.
    ///
    /// - Parameters:
    ///   - scores: one for each pair, finite.
    ///   - isSame: as many.
    ///   - folds: as many, each 0 ..< `foldCount`.
    ///   - foldCount: 2 or more.
    /// - Throws: `EvaluationError` when sizes differ, a score isn't finite, a fold has no pair, or one of the two kinds
    ///   of pairs is missing.
    package init(scores: [Double], isSame: [Bool], folds: [Int], foldCount: Int) throws(EvaluationError) {
        guard scores.count == isSame.count, scores.count == folds.count else {
            throw EvaluationError(
                code: .sizeMismatch,
                what: "\(scores.count) scores, \(isSame.count) labels and \(folds.count) folds don't belong together")
        }
        guard foldCount >= 2, Set(folds) == Set(0..<foldCount) else {
            throw EvaluationError(
                code: .empty, what: "\(scores.count) pairs don't fill \(foldCount) folds",
                mend: "use at least 2 folds with a pair in each")
        }
        guard isSame.contains(true), isSame.contains(false) else {
            throw EvaluationError(
                code: .empty, what: "there are no pairs of \(isSame.contains(true) ? "two people" : "one person")",
                mend: "verification needs pairs of both kinds")
        }
        guard scores.allSatisfy(\.isFinite) else {
            throw EvaluationError(
                code: .empty, what: "a score isn't finite", mend: "leave out pairs without an embedding")
        }
        self.scores = scores
        self.isSame = isSame
        self.folds = folds
        self.foldCount = foldCount
        order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    }

    /// Pairs.
    package var count: Int { scores.count }
    /// Pairs of one person.
    package var sameCount: Int { isSame.reduce(0) { $0 + ($1 ? 1 : 0) } }
    /// Pairs of two people.
    package var differentCount: Int { count - sameCount }

    /// Each pair once.
    var unweighted: [Int] { [Int](repeating: 1, count: count) }

    /// Walks down the distinct scores.
    ///
    /// - Parameters:
    ///   - weights: how often each pair counts.
    ///   - body: gets each score that counts at all, and the weights of its pairs of one person and of two.
    func forEachScore(
        weights: [Int], _ body: (_ score: Double, _ same: Int, _ different: Int) -> Void
    ) {
        var place = 0
        while place < order.count {
            let score = scores[order[place]]
            var (same, different) = (0, 0)
            while place < order.count, scores[order[place]] == score {
                let pair = order[place]
                if isSame[pair] { same += weights[pair] } else { different += weights[pair] }
                place += 1
            }
            if same + different > 0 { body(score, same, different) }
        }
    }
}

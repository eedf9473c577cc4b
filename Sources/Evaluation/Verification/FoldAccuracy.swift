/// Verification accuracy as Labeled Faces in the Wild defines it (Huang et al. 2007, "unrestricted"): each fold is
/// judged with the threshold that is best on all the others.
package struct FoldAccuracy: Sendable, Equatable {
    /// One fold.
    package struct Fold: Sendable, Equatable {
        /// Pairs of at least this score are taken for one person; infinite where it is best to accept none, or all.
        package let threshold: Double
        /// The part of the fold's pairs that is judged rightly, 0…1.
        package let accuracy: Double
    }

    /// All folds, in their order.
    package let folds: [Fold]

    /// The mean over the folds, 0…1.
    package var mean: Double { Percentile.mean(folds.map(\.accuracy)) }

    /// The standard deviation over the folds, divided by N as NumPy's `std` is and as face papers print it.
    package var deviation: Double {
        let mean = mean
        return Percentile.mean(folds.map { ($0.accuracy - mean) * ($0.accuracy - mean) }).squareRoot()
    }

    /// The mean of the folds' finite thresholds; NaN if there is none.
    package var meanThreshold: Double { Percentile.mean(folds.map(\.threshold).filter(\.isFinite)) }

    /// Measures each fold.
    ///
    /// Candidates for the threshold lie halfway between neighbouring distinct scores of the other folds, and beyond both
    /// ends. Of those that judge most pairs rightly, the lowest is taken.
    ///
    /// - Parameters:
    ///   - pairs: the pairs and their folds.
    ///   - weights: how often each pair counts; nil counts each once.
    package init(_ pairs: PairScores, weights: [Int]? = nil) {
        let weights = weights ?? pairs.unweighted
        folds = (0..<pairs.foldCount).map { fold in
            let threshold = Self.threshold(pairs, without: fold, weights: weights)
            var (right, all) = (0, 0)
            for pair in pairs.scores.indices where pairs.folds[pair] == fold {
                all += weights[pair]
                if (pairs.scores[pair] >= threshold) == pairs.isSame[pair] { right += weights[pair] }
            }
            return Fold(threshold: threshold, accuracy: all > 0 ? Double(right) / Double(all) : .nan)
        }
    }

    /// The best threshold on all folds but one.
    private static func threshold(_ pairs: PairScores, without fold: Int, weights: [Int]) -> Double {
        // Relative to the threshold that accepts none: one more for each pair of one person that is accepted, one less for
        // each of two people.
        var (gain, best) = (0, 0)
        var threshold = Double.infinity
        var above = Double.infinity
        var open = false
        var place = 0
        while place < pairs.order.count {
            let score = pairs.scores[pairs.order[place]]
            var (change, counted) = (0, 0)
            while place < pairs.order.count, pairs.scores[pairs.order[place]] == score {
                let pair = pairs.order[place]
                if pairs.folds[pair] != fold {
                    change += pairs.isSame[pair] ? weights[pair] : -weights[pair]
                    counted += weights[pair]
                }
                place += 1
            }
            guard counted > 0 else { continue }
            // The best threshold so far ends at the next score that counts.
            if open { threshold = (above + score) / 2 }
            gain += change
            open = gain >= best
            best = max(best, gain)
            above = score
        }
        return open ? -.infinity : threshold
    }
}

/// The receiver operating characteristic: what is accepted rightly and falsely at each threshold.
package struct ReceiverCurve: Sendable, Equatable {
    /// What a threshold does.
    package struct Point: Sendable, Equatable {
        /// Pairs of at least this score are accepted; infinite at the point that accepts none.
        package let threshold: Double
        /// The part of the pairs of two people that is accepted, 0…1.
        package let falseAcceptRate: Double
        /// The part of the pairs of one person that is accepted, 0…1.
        package let trueAcceptRate: Double
    }

    /// From the threshold that accepts none to the one that accepts all; one point for each distinct score.
    package let points: [Point]

    /// Walks through all thresholds.
    ///
    /// - Parameters:
    ///   - pairs: the pairs.
    ///   - weights: how often each pair counts; nil counts each once. Both kinds of pairs must count.
    package init(_ pairs: PairScores, weights: [Int]? = nil) {
        let weights = weights ?? pairs.unweighted
        var (same, different) = (0, 0)
        for pair in pairs.scores.indices {
            if pairs.isSame[pair] { same += weights[pair] } else { different += weights[pair] }
        }
        var points = [Point(threshold: .infinity, falseAcceptRate: 0, trueAcceptRate: 0)]
        var (accepted, falselyAccepted) = (0, 0)
        pairs.forEachScore(weights: weights) { score, right, wrong in
            accepted += right
            falselyAccepted += wrong
            points.append(
                Point(
                    threshold: score, falseAcceptRate: Double(falselyAccepted) / Double(different),
                    trueAcceptRate: Double(accepted) / Double(same)))
        }
        self.points = points
    }

    /// The largest true accept rate of all thresholds whose false accept rate is at most `rate` (TAR@FAR).
    package func trueAcceptRate(atFalseAcceptRate rate: Double) -> Point {
        // Both rates only grow along the curve.
        var found = points[0]
        for point in points {
            if point.falseAcceptRate > rate { break }
            found = point
        }
        return found
    }

    /// The area under the curve by the trapezoidal rule: the chance that a pair of one person scores higher than one of
    /// two, ties counting half.
    package var area: Double {
        zip(points, points.dropFirst()).reduce(0) { area, step in
            area + (step.1.falseAcceptRate - step.0.falseAcceptRate)
                * (step.0.trueAcceptRate + step.1.trueAcceptRate) / 2
        }
    }

    /// The rate at which as many pairs of one person are refused as pairs of two are accepted, interpolated linearly
    /// between the two thresholds around it (EER).
    package var equalErrorRate: Double {
        for (before, after) in zip(points, points.dropFirst()) {
            let left = before.falseAcceptRate - (1 - before.trueAcceptRate)
            let right = after.falseAcceptRate - (1 - after.trueAcceptRate)
            guard right >= 0 else { continue }
            let part = -left / (right - left)
            return before.falseAcceptRate + part * (after.falseAcceptRate - before.falseAcceptRate)
        }
        return .nan
    }
}

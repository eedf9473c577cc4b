/// The figures by which verification is judged.
package struct VerificationFigures: Sendable, Equatable {
    /// A false accept rate that is asked for.
    package struct OperatingPoint: Sendable, Equatable {
        /// The false accept rate, 0…1.
        package let falseAcceptRate: Double
        /// The true accept rate there, 0…1; nil where too few pairs of two people tell.
        package let trueAcceptRate: Double?
        /// The similarity from which on pairs are accepted there; nil likewise.
        package let threshold: Double?
        /// The pairs of two people that it takes to tell.
        package let pairsNeeded: Int
    }

    /// The false accept rates at which face systems are compared.
    package static let usualRates = [1e-2, 1e-3, 1e-4]
    /// A rate that fewer false accepts stand for is noise: of 10, one standard deviation is already a third.
    package static let leastFalseAccepts = 10

    /// Accuracy fold by fold.
    package let accuracy: FoldAccuracy
    /// One for each rate asked for.
    package let operatingPoints: [OperatingPoint]
    /// Where both errors are equal, 0…1.
    package let equalErrorRate: Double
    /// The area under the curve, 0…1.
    package let area: Double

    /// Computes all figures.
    ///
    /// - Parameters:
    ///   - pairs: the pairs.
    ///   - weights: how often each pair counts; nil counts each once. In sum as many of two people as there are.
    ///   - rates: false accept rates to tell the true accept rate at.
    package init(_ pairs: PairScores, weights: [Int]? = nil, rates: [Double] = usualRates) {
        accuracy = FoldAccuracy(pairs, weights: weights)
        let curve = ReceiverCurve(pairs, weights: weights)
        let impostors = pairs.differentCount
        operatingPoints = rates.map { rate in
            // 10 / 1e-2 is 1000 exactly, and 1000 pairs are enough, whatever rounding makes of 1000 · 1e-2.
            let needed = Int((Double(Self.leastFalseAccepts) / rate).rounded())
            guard impostors >= needed else {
                return OperatingPoint(falseAcceptRate: rate, trueAcceptRate: nil, threshold: nil, pairsNeeded: needed)
            }
            let point = curve.trueAcceptRate(atFalseAcceptRate: rate)
            return OperatingPoint(
                falseAcceptRate: rate, trueAcceptRate: point.trueAcceptRate, threshold: point.threshold,
                pairsNeeded: needed)
        }
        equalErrorRate = curve.equalErrorRate
        area = curve.area
    }

    /// The figures as plain numbers: accuracy, TAR at each rate (NaN where too few pairs tell), EER, area.
    package var values: [Double] {
        [accuracy.mean] + operatingPoints.map { $0.trueAcceptRate ?? .nan } + [equalErrorRate, area]
    }
}

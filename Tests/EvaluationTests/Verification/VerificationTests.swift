import Testing

@testable import Evaluation

/// Pairs whose scores fall on few distinct values, so that ties are everywhere.
private func pairs(_ seed: UInt64, count: Int = 240, folds: Int = 5, levels: UInt64 = 40) throws -> PairScores {
    var random = SplitMix64(seed: seed)
    let isSame = (0..<count).map { _ in random.next() % 2 == 0 }
    let scores = isSame.map { Double(random.next() % levels + ($0 ? levels / 3 : 0)) / Double(levels) }
    return try PairScores(scores: scores, isSame: isSame, folds: (0..<count).map { $0 % folds }, foldCount: folds)
}

@Suite struct VerificationTests {
    @Test func eachFoldIsJudgedWithTheOthersBestThreshold() throws {
        for seed in 0..<20 as Range<UInt64> {
            let pairs = try pairs(seed)
            for (fold, found) in FoldAccuracy(pairs).folds.enumerated() {
                let train = pairs.scores.indices.filter { pairs.folds[$0] != fold }
                let test = pairs.scores.indices.filter { pairs.folds[$0] == fold }
                let distinct = Set(train.map { pairs.scores[$0] }).sorted()
                let candidates =
                    [-Double.infinity] + zip(distinct, distinct.dropFirst()).map { ($0 + $1) / 2 } + [.infinity]
                func right(_ threshold: Double, _ among: [Int]) -> Int {
                    among.reduce(0) { $0 + ((pairs.scores[$1] >= threshold) == pairs.isSame[$1] ? 1 : 0) }
                }
                let most = candidates.map { right($0, train) }.max()
                let lowest = try #require(candidates.first { right($0, train) == most })
                #expect(found.threshold == lowest)
                #expect(found.accuracy == Double(right(lowest, test)) / Double(test.count))
            }
        }
    }

    @Test func aWeightCountsLikeARepetition() throws {
        let once = try pairs(3)
        let weights = once.scores.indices.map { ($0 * 7) % 4 }
        let places = once.scores.indices.flatMap { [Int](repeating: $0, count: weights[$0]) }
        let repeated = try PairScores(
            scores: places.map { once.scores[$0] }, isSame: places.map { once.isSame[$0] },
            folds: places.map { once.folds[$0] }, foldCount: once.foldCount)
        let rates = [0.3, 0.5]
        let weighted = VerificationFigures(once, weights: weights, rates: rates)
        let written = VerificationFigures(repeated, rates: rates)
        #expect(weighted.accuracy == written.accuracy)
        #expect(weighted.values == written.values)
    }

    @Test func theAreaIsTheChanceOfTheRightOrder() throws {
        let pairs = try pairs(5)
        var wins = 0.0
        for left in pairs.scores.indices where pairs.isSame[left] {
            for right in pairs.scores.indices where !pairs.isSame[right] {
                let (same, different) = (pairs.scores[left], pairs.scores[right])
                wins += same > different ? 1 : same == different ? 0.5 : 0
            }
        }
        let chance = wins / Double(pairs.sameCount * pairs.differentCount)
        #expect(abs(ReceiverCurve(pairs).area - chance) < 1e-12)
    }

    @Test func theTrueAcceptRateIsTheBestThatTheFalseAcceptRateAllows() throws {
        let pairs = try pairs(8)
        for rate in [0.0, 0.01, 0.1, 0.25, 1] {
            let found = ReceiverCurve(pairs).trueAcceptRate(atFalseAcceptRate: rate)
            var best = 0.0
            for threshold in Set(pairs.scores) {
                let accepted = pairs.scores.indices.filter { pairs.scores[$0] >= threshold }
                let wrong = accepted.filter { !pairs.isSame[$0] }.count
                guard Double(wrong) / Double(pairs.differentCount) <= rate else { continue }
                best = max(best, Double(accepted.count - wrong) / Double(pairs.sameCount))
            }
            #expect(found.trueAcceptRate == best)
            #expect(found.falseAcceptRate <= rate)
        }
    }

    @Test func theEqualErrorRateOfSeparatedScoresIsZeroAndOfSwappedOnesIsOne() throws {
        let isSame = [true, true, false, false]
        func rate(_ scores: [Double]) throws -> Double {
            let pairs = try PairScores(scores: scores, isSame: isSame, folds: [0, 1, 0, 1], foldCount: 2)
            return ReceiverCurve(pairs).equalErrorRate
        }
        #expect(try rate([0.9, 0.8, 0.2, 0.1]) == 0)
        #expect(try rate([0.1, 0.2, 0.8, 0.9]) == 1)
        #expect(try rate([0.5, 0.5, 0.5, 0.5]) == 0.5)
        #expect(try rate([0.9, 0.3, 0.4, 0.1]) == 0.5)
    }

    @Test func aRateThatTooFewPairsTellIsntTold() throws {
        func point(impostors: Int) throws -> VerificationFigures.OperatingPoint {
            let isSame = [true, true] + [Bool](repeating: false, count: impostors)
            let scores = isSame.enumerated().map { $1 ? 1.0 : Double($0) / 1e6 }
            let pairs = try PairScores(
                scores: scores, isSame: isSame, folds: isSame.indices.map { $0 % 2 }, foldCount: 2)
            return VerificationFigures(pairs).operatingPoints[0]
        }
        #expect(try point(impostors: 999).trueAcceptRate == nil)
        #expect(try point(impostors: 999).pairsNeeded == 1000)
        #expect(try point(impostors: 1000).trueAcceptRate == 1)
    }

    @Test func aSampleKeepsTheShapeAndComesAgain() throws {
        let pairs = try pairs(11)
        let sampler = BootstrapSampler(pairs, seed: 4)
        let weights = sampler.weights(ofSample: 7)
        for fold in 0..<pairs.foldCount {
            for kind in [false, true] {
                let stratum = pairs.scores.indices.filter { pairs.folds[$0] == fold && pairs.isSame[$0] == kind }
                #expect(stratum.reduce(0) { $0 + weights[$1] } == stratum.count)
            }
        }
        #expect(weights.contains(0) && weights.contains(2))
        #expect(weights == BootstrapSampler(pairs, seed: 4).weights(ofSample: 7))
        #expect(weights != sampler.weights(ofSample: 8))
        #expect(weights != BootstrapSampler(pairs, seed: 5).weights(ofSample: 7))
    }

    @Test func intervalsHoldTheFiguresAndShiftsOfEqualScoresAreNothing() throws {
        let first = try pairs(12, levels: 200)
        let figures = VerificationFigures(first)
        let bootstrap = VerificationBootstrap(first, against: [first], samples: 200, seed: 1)
        #expect(bootstrap.intervals[0][0].low <= figures.accuracy.mean)
        #expect(bootstrap.intervals[0][0].high >= figures.accuracy.mean)
        #expect(bootstrap.intervals[0][0].low < bootstrap.intervals[0][0].high)
        #expect(bootstrap.shifts[0][0] == VerificationBootstrap.Interval([0]))
        let again = VerificationBootstrap(first, samples: 200, seed: 1)
        #expect(again.intervals[0][0] == bootstrap.intervals[0][0])
    }

    @Test func impossiblePairsAreRefused() {
        #expect(throws: EvaluationError.self) {
            try PairScores(scores: [1], isSame: [true, false], folds: [0, 1], foldCount: 2)
        }
        #expect(throws: EvaluationError.self) {
            try PairScores(scores: [1, 2], isSame: [true, true], folds: [0, 1], foldCount: 2)
        }
        #expect(throws: EvaluationError.self) {
            try PairScores(scores: [1, .nan], isSame: [true, false], folds: [0, 1], foldCount: 2)
        }
        #expect(throws: EvaluationError.self) {
            try PairScores(scores: [1, 2], isSame: [true, false], folds: [0, 0], foldCount: 2)
        }
    }
}

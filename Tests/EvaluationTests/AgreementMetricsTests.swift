import Testing

@testable import Evaluation

struct AgreementMetricsTests {
    private func metrics(
        _ reference: [Float], _ candidate: [Float], width: Int = 2, referenceNorms: [Float]? = nil,
        candidateNorms: [Float]? = nil
    ) throws -> AgreementMetrics {
        try reference.withUnsafeBufferPointer { reference in
            try candidate.withUnsafeBufferPointer { candidate in
                try AgreementMetrics(
                    reference: reference, candidate: candidate, width: width, referenceNorms: referenceNorms,
                    candidateNorms: candidateNorms)
            }
        }
    }

    private func near(_ left: Double, _ right: Double, within tolerance: Double = 1e-6) -> Bool {
        abs(left - right) <= tolerance
    }

    @Test func equalVectorsAgreeExactly() throws {
        let vectors: [Float] = [0.6, 0.8, 1, 0, 0, -1]
        let metrics = try metrics(vectors, vectors)
        #expect(metrics.count == 3 && metrics.undefinedCount == 0)
        #expect(near(metrics.cosineMean, 1, within: 1e-12) && near(metrics.cosineMin, 1, within: 1e-12))
        #expect(metrics.l2Mean == 0 && metrics.l2Max == 0)
        #expect(metrics.normRatioMean == 1)
    }

    @Test func knownAnglesGiveTheirCosinesAndDistances() throws {
        // Angles of 0°, 90°, 180° and acos(0.6): cosines 1, 0, −1, 0.6; L2 = √(2(1 − cos)).
        let metrics = try metrics([1, 0, 1, 0, 1, 0, 1, 0], [1, 0, 0, 1, -1, 0, 0.6, 0.8])
        #expect(near(metrics.cosineMean, 0.15))
        #expect(near(metrics.cosineMin, -1))
        // Sorted −1, 0, 0.6, 1: the 1st percentile is at rank 0.03, the median half-way between 0 and 0.6.
        #expect(near(metrics.cosineP1, -0.97))
        #expect(near(metrics.cosineMedian, 0.3))
        #expect(near(metrics.l2Mean, (0 + 2.0.squareRoot() + 2 + 0.8.squareRoot()) / 4))
        #expect(near(metrics.l2Max, 2))
    }

    @Test func lengthsMatterForTheNormRatioAlone() throws {
        let metrics = try metrics([3, 4, 0, 2], [6, 8, 0, 1])
        #expect(near(metrics.cosineMin, 1) && near(metrics.l2Max, 0))
        #expect(metrics.normRatioMean == 1.25 && metrics.normRatioMin == 0.5 && metrics.normRatioMax == 2)
    }

    @Test func rawNormsBesideUnitVectorsMakeTheRatio() throws {
        let metrics = try metrics([1, 0, 0, 1], [1, 0, 0, 1], referenceNorms: [20, 10], candidateNorms: [22, 9])
        #expect(near(metrics.normRatioMax, 1.1) && near(metrics.normRatioMin, 0.9))
    }

    @Test func smallDifferencesKeepTheirDigits() throws {
        // The angle is 1e-6: a cosine that rounds to 1 in float32, a distance that doesn't.
        let metrics = try metrics([1, 0], [1, 1e-6])
        #expect(near(metrics.l2Mean, 1e-6, within: 1e-12))
        #expect(metrics.cosineMean > 0.999_999_999 && metrics.cosineMean <= 1)
    }

    @Test func facesWithoutADirectionAreCountedAndLeftOut() throws {
        let metrics = try metrics(
            [1, 0, .nan, 0, 0, 0, .infinity, .nan], [1, 0, 1, 0, 1, 0, 1, -.infinity])
        #expect(metrics.count == 4 && metrics.undefinedCount == 3)
        #expect(metrics.nanCount == 2 && metrics.infinityCount == 2)
        #expect(metrics.cosineMean == 1 && metrics.normRatioMean == 1)
        #expect(ComparisonThresholds.standard.judge(metrics).overall == .fail)
    }

    @Test func nothingButUndefinedFacesFails() throws {
        let metrics = try metrics([0, 0], [1, 0])
        #expect(metrics.cosineMean.isNaN && metrics.l2Mean.isNaN)
        let judgement = ComparisonThresholds.standard.judge(metrics)
        #expect(judgement.cosineMean == .fail && judgement.l2Mean == .fail && judgement.finite == .fail)
    }

    @Test func sizesThatDoNotMatchAreRefused() {
        #expect(throws: EvaluationError.self) { try metrics([], []) }
        #expect(throws: EvaluationError.self) { try metrics([1, 0], [1, 0, 0, 1]) }
        #expect(throws: EvaluationError.self) { try metrics([1, 0, 1], [1, 0, 1]) }
        #expect(throws: EvaluationError.self) { try metrics([1], [1], width: 0) }
        #expect(throws: EvaluationError.self) { try metrics([1, 0], [1, 0], referenceNorms: [1, 2]) }
    }
}

import Testing

@testable import Evaluation

struct TensorAgreementTests {
    private func agreement(_ pieces: [([Float], [Float])]) throws -> TensorAgreement {
        var agreement = TensorAgreement()
        for (reference, candidate) in pieces {
            try reference.withUnsafeBufferPointer { reference in
                try candidate.withUnsafeBufferPointer { candidate in
                    try agreement.add(reference: reference, candidate: candidate)
                }
            }
        }
        return agreement
    }

    @Test func equalTensorsAgreeExactly() throws {
        let found = try agreement([([1, -2, 3], [1, -2, 3])])
        #expect(found.cosine == 1 && found.relativeL2 == 0 && found.maximumDifference == 0 && found.error == 0)
    }

    @Test func figuresAreThoseOfOneLongVector() throws {
        let found = try agreement([([3, 0], [3, 1]), ([0, 4], [0, 2])])
        // (3, 0, 0, 4) and (3, 1, 0, 2): products 17, squares 25 and 14, difference (0, 1, 0, 2).
        #expect(abs(found.cosine - 17 / (25.0 * 14).squareRoot()) < 1e-12)
        #expect(abs(found.relativeL2 - (5.0 / 25).squareRoot()) < 1e-12)
        #expect(found.maximumDifference == 2)
        #expect(found.count == 4 && found.finiteCount == 4)
    }

    @Test func aNumberThatIsNotFiniteOnOneSideIsTheLargestError() throws {
        let found = try agreement([([1, 2, 3, 4], [1, .nan, -.infinity, 4])])
        #expect(found.candidateNaNCount == 1 && found.candidateInfinityCount == 1)
        #expect(found.referenceNaNCount == 0 && found.referenceInfinityCount == 0)
        #expect(found.error == .infinity)
        #expect(found.relativeL2 == 0 && found.finiteCount == 2)
    }

    @Test func theSameOnBothSidesIsNoError() throws {
        #expect(try agreement([([.nan, 1], [.nan, 1])]).error == 0)
        let nothing = try agreement([([.nan, .infinity], [.nan, .infinity])])
        #expect(nothing.error == 0 && nothing.cosine.isNaN && nothing.relativeL2.isNaN)
    }

    @Test func zeroAgreesWithZeroOnly() throws {
        let both = try agreement([([0, 0], [0, 0])])
        #expect(both.cosine == 1 && both.error == 0)
        let one = try agreement([([0, 0], [0, 1])])
        #expect(one.cosine == 0 && one.error == .infinity)
    }

    @Test func piecesOfDifferentSizesAreRefused() {
        #expect(throws: EvaluationError.self) { try agreement([([1, 2], [1])]) }
    }
}

import Testing

@testable import Evaluation

struct CosineMatrixTests {
    private func matrix(_ values: [Float], width: Int) throws -> CosineMatrix {
        try values.withUnsafeBufferPointer { try CosineMatrix(embeddings: $0, width: width) }
    }

    @Test func theMatrixIsSymmetricWithOnesOnTheDiagonal() throws {
        let values = (0..<91).map { (index: Int) -> Float in Float((index * 29 + 7) % 31) - 15 }
        let matrix = try matrix(values, width: 13)
        #expect(matrix.count == 7)
        for row in 0..<7 {
            #expect(matrix[row, row] == 1)
            for column in 0..<7 {
                #expect(matrix[row, column] == matrix[column, row])
                #expect(abs(matrix[row, column]) <= 1)
            }
        }
    }

    @Test func entriesAreTheCosines() throws {
        let matrix = try matrix([2, 0, 0.6, 0.8, 0, -3], width: 2)
        #expect(abs(matrix[0, 1] - 0.6) < 1e-7)
        #expect(matrix[0, 2] == 0)
        #expect(abs(matrix[1, 2] + 0.8) < 1e-7)
    }

    @Test func theClosestPairIsOfTwoDifferentFaces() throws {
        let pair = try #require(try matrix([1, 0, 0, 1, 0.1, 1, -1, 0], width: 2).closestPair)
        #expect(pair.first == 1 && pair.second == 2 && pair.cosine > 0.99)
        #expect(try matrix([1, 0], width: 2).closestPair == nil)
    }

    @Test func anEmbeddingWithoutADirectionIsAsGoodAsUnknown() throws {
        let matrix = try matrix([1, 0, 0, 0, .nan, 1], width: 2)
        #expect(matrix[1, 1].isNaN && matrix[0, 1].isNaN && matrix[2, 0].isNaN && matrix[0, 0] == 1)
        #expect(matrix.closestPair == nil)
    }

    @Test func emptyAndEnormousSetsAreRefused() {
        #expect(throws: EvaluationError.self) { try matrix([], width: 4) }
        let error = #expect(throws: EvaluationError.self) {
            try matrix([Float](repeating: 1, count: CosineMatrix.maximumCount + 1), width: 1)
        }
        #expect(error?.code == .tooMany)
    }
}

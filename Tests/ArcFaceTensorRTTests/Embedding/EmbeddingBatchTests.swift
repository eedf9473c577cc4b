import Testing

@testable import ArcFaceTensorRT

@Suite("A batch of embeddings")
struct EmbeddingBatchTests {
    @Test func `has rows of unit length and keeps their lengths`() {
        let batch = EmbeddingBatch(raw: [3, 4, 0, 5, -12, 0], width: 3)
        #expect(batch.count == 2)
        #expect(batch.norms == [5, 13])
        #expect(Array(batch[0]) == [0.6, 0.8, 0])
        #expect(abs(batch.cosine(0, 1) - (15.0 - 48) / 65) < 1e-7)
    }

    @Test(arguments: [Float.nan, .infinity, 0])
    func `a row without a length is all zeros and not usable`(number: Float) {
        let batch = EmbeddingBatch(raw: [number, 0, 1, 0], width: 2)
        #expect(Array(batch[0]) == [0, 0])
        #expect(!batch.isUsable(0))
        #expect(batch.isUsable(1))
    }

    @Test(arguments: [1, 4, 7, 512])
    func `has the lengths of rows of any width`(width: Int) {
        let raw = (0..<3 * width).map { Float(($0 * 37) % 101) - 49.5 }
        let batch = EmbeddingBatch(raw: raw, width: width)
        for row in 0..<3 {
            let numbers = raw[row * width..<(row + 1) * width].map { Double($0) }
            let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(batch.norms[row] == Float(length))
            #expect(Array(batch[row]) == numbers.map { Float($0 * (1 / length)) })
        }
    }
}

/// Embeddings as rows of double precision and unit length, with what was seen on the way there.
struct EmbeddingRows {
    let width: Int
    let count: Int
    /// Row-major [count,width]; a row without a direction (zero, NaN or infinity in it) holds NaN.
    private(set) var values: [Double]
    /// Euclidean lengths of the rows as they came.
    private(set) var lengths: [Double]
    private(set) var nanCount = 0
    private(set) var infinityCount = 0

    init(_ embeddings: UnsafeBufferPointer<Float>, width: Int) throws(EvaluationError) {
        guard width > 0, !embeddings.isEmpty else {
            throw EvaluationError(code: .empty, what: "there are no embeddings to evaluate")
        }
        guard embeddings.count.isMultiple(of: width) else {
            throw EvaluationError(
                code: .sizeMismatch, what: "\(embeddings.count) values aren't whole embeddings of \(width)")
        }
        self.width = width
        count = embeddings.count / width
        values = [Double](repeating: .nan, count: embeddings.count)
        lengths = [Double](repeating: .nan, count: count)
        for row in 0..<count {
            read(UnsafeBufferPointer(rebasing: embeddings[row * width..<(row + 1) * width]), to: row)
        }
    }

    private mutating func read(_ source: UnsafeBufferPointer<Float>, to row: Int) {
        var squares = 0.0
        for value in source {
            if value.isNaN { nanCount += 1 }
            if value.isInfinite { infinityCount += 1 }
            squares += Double(value) * Double(value)
        }
        let length = squares.squareRoot()
        lengths[row] = length
        guard length.isFinite, length > 0 else { return }
        values.withUnsafeMutableBufferPointer { values in
            for (column, value) in source.enumerated() { values[row * width + column] = Double(value) / length }
        }
    }

    /// The cosine between a row here and a row there, at most 1 in magnitude; NaN when either has no direction.
    static func cosine(_ a: EmbeddingRows, _ row: Int, _ b: EmbeddingRows, _ otherRow: Int) -> Double {
        a.values.withUnsafeBufferPointer { left in
            b.values.withUnsafeBufferPointer { right in
                var sum = 0.0
                for column in 0..<a.width { sum += left[row * a.width + column] * right[otherRow * a.width + column] }
                return sum.isNaN ? sum : min(1, max(-1, sum))
            }
        }
    }

    /// The Euclidean distance between two unit rows: L2² = 2(1 − cos), computed from the differences because the
    /// formula loses half its digits where the rows are nearly equal.
    static func distance(_ a: EmbeddingRows, _ row: Int, _ b: EmbeddingRows, _ otherRow: Int) -> Double {
        a.values.withUnsafeBufferPointer { left in
            b.values.withUnsafeBufferPointer { right in
                var sum = 0.0
                for column in 0..<a.width {
                    let difference = left[row * a.width + column] - right[otherRow * a.width + column]
                    sum += difference * difference
                }
                return sum.squareRoot()
            }
        }
    }
}

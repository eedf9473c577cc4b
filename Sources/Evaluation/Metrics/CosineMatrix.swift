/// The cosine similarity of each embedding with each: symmetric, 1 on the diagonal.
public struct CosineMatrix: Sendable, Equatable {
    /// Embeddings, and so rows and columns.
    public let count: Int
    /// Row-major [count,count], each from -1 to 1; NaN in the row and column of an embedding without a direction.
    public let values: [Double]

    /// A matrix of this many embeddings takes 128 MB; more makes no table that anyone reads.
    public static let maximumCount = 4096

    /// Computes the matrix in double precision; count²·width/2 multiplications.
    ///
    /// - Parameters:
    ///   - embeddings: Row-major [N,width]; unit vectors or raw ones.
    ///   - width: Values in an embedding.
    /// - Throws: `EvaluationError` when there are no embeddings, or too many.
    public init(embeddings: UnsafeBufferPointer<Float>, width: Int) throws(EvaluationError) {
        guard width <= 0 || embeddings.count / width <= Self.maximumCount else {
            throw EvaluationError(
                code: .tooMany,
                what: "a cosine matrix of \(embeddings.count / width) embeddings is too large",
                mend: "compare at most \(Self.maximumCount)")
        }
        let rows = try EmbeddingRows(embeddings, width: width)
        let count = rows.count
        var values = [Double](repeating: .nan, count: count * count)
        for row in 0..<count {
            for column in row..<count {
                let cosine = EmbeddingRows.cosine(rows, row, rows, column)
                // A vector's cosine with itself is 1 by definition, whatever rounding says.
                let exact = row == column && !cosine.isNaN ? 1 : cosine
                values[row * count + column] = exact
                values[column * count + row] = exact
            }
        }
        self.count = count
        self.values = values
    }

    /// The similarity of two embeddings.
    public subscript(row: Int, column: Int) -> Double {
        values[row * count + column]
    }

    /// The two different embeddings that are most alike; nil when there are fewer than two with a direction.
    public var closestPair: (first: Int, second: Int, cosine: Double)? {
        var best: (first: Int, second: Int, cosine: Double)?
        for row in 0..<count {
            for column in (row + 1)..<max(count, row + 1) {
                let cosine = self[row, column]
                if !cosine.isNaN, cosine > best?.cosine ?? -.infinity { best = (row, column, cosine) }
            }
        }
        return best
    }
}

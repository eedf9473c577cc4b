/// Embeddings of a batch of faces: float32 [N, D], each row of unit length, and the raw norms.
public struct EmbeddingBatch: Sendable, Equatable {
    /// Rows, N.
    public let count: Int
    /// Numbers a row, D: 512 for ArcFace, 128 for SFace.
    public let width: Int
    /// All rows, one after another: N × D numbers.
    public let values: [Float]
    /// The Euclidean length that each row had before normalisation; a face-quality signal. Not finite where the model gave NaN or infinity:
    /// such a row is all zeros.
    public let norms: [Float]

    /// Normalises raw embeddings.
    ///
    /// The length is summed in double precision: float32 loses two digits over 512 squares.
    ///
    /// - Parameters:
    ///   - raw: N × D numbers as the model gave them.
    ///   - width: D; `raw.count` must be a multiple of it.
    package init(raw: consuming [Float], width: Int) {
        self.width = width
        let count = width == 0 ? 0 : raw.count / width
        var norms = [Float](repeating: 0, count: count)
        // In place and through pointers: beside a GPU that embeds 50,000 faces a second, a copy and checks would show.
        raw.withUnsafeMutableBufferPointer { values in
            for row in 0..<count {
                norms[row] = Self.normalize(
                    UnsafeMutableBufferPointer(rebasing: values[row * width..<(row + 1) * width]))
            }
        }
        self.count = count
        values = raw
        self.norms = norms
    }

    /// Brings a row to unit length, or to zeros where it has none; gives the length that it had.
    private static func normalize(_ row: UnsafeMutableBufferPointer<Float>) -> Float {
        // Four sums: each addition of one waits for the one before.
        var sums = SIMD4<Double>()
        var index = 0
        while index + 4 <= row.count {
            let four = SIMD4<Double>(SIMD4(row[index], row[index + 1], row[index + 2], row[index + 3]))
            sums += four * four
            index += 4
        }
        var sum = sums.sum()
        while index < row.count {
            sum += Double(row[index]) * Double(row[index])
            index += 1
        }
        let length = sum.squareRoot()
        guard length.isFinite, length > 0 else {
            row.update(repeating: 0)
            return Float(length)
        }
        let scale = 1 / length
        for index in row.indices { row[index] = Float(Double(row[index]) * scale) }
        return Float(length)
    }

    /// Row `index`: D numbers of unit length.
    public subscript(index: Int) -> ArraySlice<Float> {
        values[index * width..<(index + 1) * width]
    }

    /// Whether the model gave finite numbers and a length above zero for row `index`.
    public func isUsable(_ index: Int) -> Bool {
        norms[index].isFinite && norms[index] > 0
    }

    /// The cosine between two rows, −1…1, summed in double precision.
    public func cosine(_ first: Int, _ second: Int) -> Double {
        zip(self[first], self[second]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
}

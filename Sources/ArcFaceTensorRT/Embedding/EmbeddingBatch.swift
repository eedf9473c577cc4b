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
    package init(raw: [Float], width: Int) {
        self.width = width
        count = width == 0 ? 0 : raw.count / width
        var values = raw
        var norms = [Float](repeating: 0, count: count)
        for row in 0..<count {
            let range = row * width..<(row + 1) * width
            let length = raw[range].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            norms[row] = Float(length)
            let scale = length.isFinite && length > 0 ? 1 / length : 0
            for index in range { values[index] = scale == 0 ? 0 : Float(Double(raw[index]) * scale) }
        }
        self.values = values
        self.norms = norms
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

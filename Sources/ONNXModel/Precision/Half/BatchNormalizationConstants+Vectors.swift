extension BatchNormalizationConstants {
    /// The node's two vectors as constants of a graph, named after the value that the node gives.
    ///
    /// In float16 they take the place of the four: variances and ε may lie far below what it holds, and their quotient doesn't, so that
    /// only the result is rounded. The node stays one: scale is the factor, bias the offset, mean 0, variance 1, ε 0.
    func vectors(of output: String) -> (factors: Tensor, offsets: Tensor) {
        (
            Tensor(name: "\(output)_factor", dims: [scale.count], floats: scale),
            Tensor(name: "\(output)_offset", dims: [shift.count], floats: shift)
        )
    }
}

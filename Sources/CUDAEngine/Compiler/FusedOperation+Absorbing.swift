/// Putting a scale and a shift of channels into the weights beside them.
extension FusedOperation {
    /// Lets the step take what `scale · x + shift` took in front of it.
    ///
    /// - Parameters:
    ///   - scale: one factor a channel.
    ///   - shift: one addend a channel.
    ///   - shape: what the step takes.
    ///   - output: what it gives.
    /// - Returns: false, with nothing changed, where the addends near the borders fall into more than nine classes.
    mutating func absorb(scale: [Float], shift: [Float], of shape: ActivationShape, giving output: ActivationShape)
        -> Bool
    {
        if shift.contains(where: { $0 != 0 }) {
            guard bias.classes == 1, let shifted = shiftedBias(shift, shape, output) else { return false }
            bias = shifted
        }
        if kind == .depthwise {
            weights.scale(outputsBy: scale)
        } else {
            weights.scale(inputsBy: scale)
        }
        return true
    }

    /// Lets the step give what `scale · x + shift` gave behind it.
    ///
    /// - Returns: false where an activation or an addition lies between.
    mutating func absorbBehind(scale: [Float], shift: [Float]) -> Bool {
        guard slopes == nil, residual == nil else { return false }
        weights.scale(outputsBy: scale)
        bias = bias.scaled(by: scale, shiftedBy: shift)
        return true
    }

    /// The bias with what the weights make of an addend on each input channel, where the window lies on the image.
    private func shiftedBias(_ shift: [Float], _ shape: ActivationShape, _ output: ActivationShape) -> ChannelBias? {
        func representatives(_ extent: Int, _ inside: (Int) -> Range<Int>) -> [Range<Int>]? {
            let between = 1..<max(extent - 1, 1)
            let middle = inside(extent > 2 ? 1 : 0)
            guard between.allSatisfy({ extent <= 2 || inside($0) == middle }) else { return nil }
            return [inside(0), middle, inside(extent - 1)]
        }
        guard let rows = representatives(output.height, { window.rowsInside(at: $0, of: shape) }),
            let columns = representatives(output.width, { window.columnsInside(at: $0, of: shape) })
        else { return nil }
        let plain = bias.values
        let shifted = ChannelBias(
            nine: rows.flatMap { row in
                columns.map { column in
                    zip(plain, sums(of: shift, rows: row, columns: column)).map { Float(Double($0) + $1) }
                }
            })
        // Kernels tell the classes apart by the window's first and last row, which must be two.
        return shifted.classes == 9 && (output.height < 2 || output.width < 2) ? nil : shifted
    }

    private func sums(of shift: [Float], rows: Range<Int>, columns: Range<Int>) -> [Double] {
        guard kind == .depthwise else {
            return weights.sums(of: shift, rows: rows, columns: columns, width: window.width)
        }
        let sums = weights.sums(of: [1], rows: rows, columns: columns, width: window.width)
        return zip(sums, shift).map { $0 * Double($1) }
    }
}

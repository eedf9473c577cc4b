internal import CCUDAEngine

/// Weights `[outputs, inputs, area]` in float32, row-major.
package struct WeightMatrix: Sendable {
    package private(set) var values: [Float]
    package let outputs: Int
    package let inputs: Int
    /// Places of the window.
    package let area: Int

    /// - Precondition: as many values as the sizes say.
    package init(_ values: [Float], outputs: Int, inputs: Int, area: Int) {
        precondition(values.count == outputs * inputs * area, "weights of another size")
        self.values = values
        self.outputs = outputs
        self.inputs = inputs
        self.area = area
    }

    /// One factor a channel, for steps that stand alone.
    package init(diagonal factors: [Float]) {
        self.init(factors, outputs: factors.count, inputs: 1, area: 1)
    }

    /// Multiplies each output channel's weights by its factor.
    mutating func scale(outputsBy factors: [Float]) {
        cce_scale_outputs(&values, outputs, inputs * area, factors)
    }

    /// Multiplies the weights for each input channel by its factor.
    mutating func scale(inputsBy factors: [Float]) {
        cce_scale_inputs(&values, outputs, inputs, area, factors)
    }

    /// What the weights of the places `rows` × `columns` make of an addend on each input channel, one sum an output channel.
    func sums(of addends: [Float], rows: Range<Int>, columns: Range<Int>, width: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: outputs)
        let mask = (0..<area).map { place in
            rows.contains(place / width) && columns.contains(place % width) ? Float(1) : 0
        }
        cce_masked_sums(values, outputs, inputs, area, addends, mask, &sums)
        return sums
    }

    /// The largest magnitude; not a number if one isn't.
    var largest: Float { cce_largest(values, values.count) }
}

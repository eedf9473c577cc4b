import Testing

@testable import ONNXModel

@Suite struct Int8WeightsTests {
    @Test(arguments: [0, 1])
    func everyWeightIsWithinHalfAStepOfItsOutput(axis: Int) throws {
        var generator = SeededGenerator(seed: 4)
        // Outputs of very different size: one scale for all would lose the small ones.
        let values = (0..<30).map { place in
            let output = axis == 0 ? place / 6 : place % 6
            return Float.random(in: -1...1, using: &generator) * [0.001, 1, 30, 0.1, 5, 2][output]
        }
        let tensor = Tensor(name: "w", dims: [5, 6], floats: values)
        let weights = try #require(try Int8Weights(tensor, axis: axis))
        let integers = try weights.tensor.int64s()
        #expect(weights.scales.count == tensor.dims[axis])
        #expect(weights.tensor.type == .int8 && weights.tensor.dims == [5, 6])
        for (place, value) in values.enumerated() {
            let scale = weights.scales[axis == 0 ? place / 6 : place % 6]
            #expect(abs(Float(integers[place]) * scale - value) <= scale * 0.5001)
        }
        for output in 0..<tensor.dims[axis] {
            let own = integers.indices.filter { (axis == 0 ? $0 / 6 : $0 % 6) == output }.map { abs(integers[$0]) }
            #expect(own.max() == 127, "a scale fits its own output exactly")
        }
    }

    @Test func anOutputOfZerosStaysZero() throws {
        let weights = try #require(
            try Int8Weights(Tensor(name: "w", dims: [2, 2], floats: [0, 0, 1, -1]), axis: 0))
        #expect(try weights.tensor.int64s() == [0, 0, 127, -127])
        #expect(weights.scales[0].isFinite && weights.scales[0] > 0)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func weightsThatAreNotFiniteAreNotQuantized(value: Float) throws {
        #expect(try Int8Weights(Tensor(name: "w", dims: [1, 2], floats: [1, value]), axis: 0) == nil)
    }

    @Test func aScaleIsAtLeastWhatTheBiasNeeds() throws {
        let tensor = Tensor(name: "w", dims: [2, 1], floats: [1, 1])
        let weights = try #require(try Int8Weights(tensor, axis: 0, leastScales: [0.5, 0]))
        #expect(weights.scales == [0.5, 1 / 127])
        #expect(try weights.tensor.int64s() == [2, 127])
    }
}

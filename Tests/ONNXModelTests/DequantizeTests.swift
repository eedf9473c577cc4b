import Testing

@testable import ONNXModel

struct DequantizeTests {
    /// x · w with w from a `DequantizeLinear`; returns the weights after the pass.
    private static func weights(
        _ type: ElementType, _ dims: [Int], _ values: [UInt8], scale: ([Int], [Float]), zero: [UInt8]? = nil,
        attributes: [Attribute] = []
    ) throws -> [Float] {
        var builder = ModelBuilder(opset: 21)
        builder.input("x", [.value(1)])
        builder.bytes("q", type, dims, values)
        builder.constant("s", scale.0, scale.1)
        if let zero { builder.bytes("z", type, scale.0, zero) }
        builder.node("DequantizeLinear", ["q", "s"] + (zero == nil ? [] : ["z"]), ["w"], attributes)
        builder.node("Mul", ["x", "w"], ["y"])
        builder.output("y", nil)
        var model = builder.model
        try model.graph.validate()
        #expect(try GraphPass.dequantizeConstants.run(&model).count == 1)
        #expect(model.graph.nodes.map(\.op) == ["Mul"])
        let tensor = try #require(model.graph.initializers.first { $0.name == "w" })
        #expect(tensor.dims == dims)
        return try tensor.floats()
    }

    @Test func oneScaleForTheTensor() throws {
        let values: [UInt8] = [0, 1, 0xff, 0x80]
        #expect(try Self.weights(.int8, [2, 2], values, scale: ([], [0.5])) == [0, 0.5, -0.5, -64])
        #expect(try Self.weights(.uint8, [4], values, scale: ([1], [0.5]), zero: [1]) == [-0.5, 0, 127, 63.5])
    }

    @Test func aScaleForEachSliceOfTheAxis() throws {
        let values: [UInt8] = [1, 2, 3, 4, 5, 6]
        let rows = [Attribute("axis", .int(0))]
        #expect(
            try Self.weights(.int8, [2, 3], values, scale: ([2], [1, 10]), zero: [0, 1], attributes: rows)
                == [1, 2, 3, 30, 40, 50])
        #expect(try Self.weights(.int8, [2, 3], values, scale: ([3], [1, 10, 100])) == [1, 20, 300, 4, 50, 600])
        let last = [Attribute("axis", .int(-1))]
        #expect(
            try Self.weights(.int8, [2, 3], values, scale: ([3], [1, 10, 100]), attributes: last)
                == [1, 20, 300, 4, 50, 600])
    }

    @Test func aScaleForEachBlockWithAShorterLastOne() throws {
        let attributes = [Attribute("axis", .int(1)), Attribute("block_size", .int(2))]
        #expect(
            try Self.weights(
                .int8, [2, 3], [1, 2, 3, 4, 5, 6], scale: ([2, 2], [1, 10, 100, 1000]), zero: [0, 1, 2, 3],
                attributes: attributes) == [1, 2, 20, 200, 300, 3000])
        let down = [Attribute("axis", .int(0)), Attribute("block_size", .int(2))]
        #expect(
            try Self.weights(
                .uint8, [3, 2], [1, 2, 3, 4, 5, 6], scale: ([2, 2], [1, 10, 100, 1000]), attributes: down)
                == [1, 20, 3, 40, 500, 6000])
    }

    @Test func oneScaleTogetherWithABlockSizeIsOneScale() throws {
        let attributes = [Attribute("axis", .int(1)), Attribute("block_size", .int(64))]
        #expect(
            try Self.weights(.int8, [2, 2], [1, 2, 3, 4], scale: ([], [2]), attributes: attributes) == [2, 4, 6, 8])
        #expect(
            try Self.weights(.int8, [2, 2], [1, 2, 3, 4], scale: ([1, 1], [2]), zero: [1], attributes: attributes)
                == [0, 2, 4, 6])
    }

    @Test func biasesOf32Bits() throws {
        #expect(
            try Self.weights(.int32, [2], [0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff], scale: ([], [0.5])) == [128, -0.5])
    }

    @Test func scalesThatDoNotFitAreRefused() {
        let wrong: [([Int], [Float], [Attribute])] = [
            ([2], [1, 2], [Attribute("axis", .int(1))]),
            ([3], [1, 2, 3], [Attribute("axis", .int(7))]),
            ([2, 2], [1, 2, 3, 4], [Attribute("axis", .int(1)), Attribute("block_size", .int(1))]),
            ([2, 2], [1, 2, 3, 4], [Attribute("axis", .int(1)), Attribute("block_size", .int(-2))]),
            ([2, 2], [1, 2, 3, 4], [Attribute("axis", .int(1)), Attribute("block_size", .int(.max))]),
        ]
        for (dims, scales, attributes) in wrong {
            let error = #expect(throws: ONNXModelError.self) {
                try Self.weights(.int8, [2, 3], [1, 2, 3, 4, 5, 6], scale: (dims, scales), attributes: attributes)
            }
            #expect(error?.code == .invalidTensor)
        }
    }

    @Test func whatDependsOnTheImageStays() throws {
        var builder = ModelBuilder()
        builder.input("q", [.value(2)], .int8)
        builder.constant("s", [], [0.5])
        builder.node("DequantizeLinear", ["q", "s"], ["y"])
        builder.output("y", nil)
        var model = builder.model
        #expect(try GraphPass.dequantizeConstants.run(&model).isEmpty)
        #expect(model.graph.nodes.count == 1)
    }
}

import Testing

@testable import ONNXModel

struct FoldConstantsTests {
    /// What `build` leaves under `c` once constants are folded; nil if a node still computes it.
    private static func folded(_ build: (inout ModelBuilder) -> Void) throws -> Tensor? {
        var builder = ModelBuilder(opset: 13)
        builder.input("x", [.named("N"), .value(3), .value(4), .value(5)])
        build(&builder)
        builder.node("Max", ["x", "c"], ["y"])
        builder.output("y", nil)
        var model = builder.model
        _ = try GraphPass.foldConstants.run(&model)
        try model.graph.validate()
        #expect(try GraphPass.foldConstants.run(&model).isEmpty)
        return model.graph.initializers.first { $0.name == "c" }
    }

    @Test func weightsAreTransposed() throws {
        let tensor = try #require(
            try Self.folded {
                $0.constant("a", [1, 2, 3], [1, 2, 3, 4, 5, 6])
                $0.node("Transpose", ["a"], ["c"], [Attribute("perm", .ints([2, 0, 1]))])
            })
        #expect(tensor.dims == [3, 1, 2])
        #expect(try tensor.floats() == [1, 4, 2, 5, 3, 6])
    }

    @Test func typedFieldsAndIntegersAreMovedToo() throws {
        let tensor = try #require(
            try Self.folded {
                $0.bytes("a", .int8, [2, 2], [1, 255, 3, 4])
                $0.node("Transpose", ["a"], ["c"])
            })
        #expect(try tensor.int64s() == [1, 3, -1, 4])
    }

    @Test func scalesAreComputed() throws {
        let tensor = try #require(
            try Self.folded {
                $0.constant("gamma", [2, 1], [3, 8])
                $0.constant("variance", [2], [8, 15])
                $0.constant("epsilon", [], [1])
                $0.node("Add", ["variance", "epsilon"], ["v"])
                $0.node("Sqrt", ["v"], ["deviation"])
                $0.node("Div", ["gamma", "deviation"], ["c"])
            })
        #expect(tensor.dims == [2, 2])
        #expect(try tensor.floats() == [1, 0.75, 8.0 / 3, 2])
    }

    @Test func partsArePutTogether() throws {
        let tensor = try #require(
            try Self.folded {
                $0.integers("a", [2, 3], [1, 2, 3, 4, 5, 6])
                $0.integers("places", [2], [-1, 0])
                $0.integers("starts", [1], [1])
                $0.integers("ends", [1], [.max])
                $0.integers("axes", [1], [0])
                $0.integers("ten", [], [10])
                $0.node("Gather", ["a", "places"], ["g"], [Attribute("axis", .int(1))])
                $0.node("Slice", ["a", "starts", "ends", "axes"], ["s"])
                $0.node("Mul", ["s", "ten"], ["m"])
                $0.node("Concat", ["g", "g"], ["gg"], [Attribute("axis", .int(0))])
                $0.node("Concat", ["m", "a"], ["ma"], [Attribute("axis", .int(0))])
                $0.node("Gather", ["ma", "places"], ["last"], [Attribute("axis", .int(1))])
                $0.node("Concat", ["gg", "last"], ["i"], [Attribute("axis", .int(0))])
                $0.node("Cast", ["i"], ["c"], [Attribute("to", .int(1))])
            })
        #expect(tensor.dims == [7, 2])
        #expect(try tensor.floats() == [3, 1, 6, 4, 3, 1, 6, 4, 60, 40, 3, 1, 6, 4])
    }

    @Test func fixedDimensionsOfTheImageAreConstants() throws {
        let tensor = try #require(
            try Self.folded {
                $0.integers("two", [], [2])
                $0.integers("axis", [1], [0])
                $0.node("Shape", ["x"], ["shape"])
                $0.node("Gather", ["shape", "two"], ["height"])
                $0.node("Unsqueeze", ["height", "axis"], ["h"])
                $0.node("Concat", ["h", "h"], ["c"], [Attribute("axis", .int(0))])
            })
        #expect(try tensor.int64s() == [4, 4])
    }

    @Test func theBatchIsNoConstant() throws {
        let batch = try Self.folded {
            $0.integers("zero", [1], [0])
            $0.node("Shape", ["x"], ["shape"])
            $0.node("Gather", ["shape", "zero"], ["c"])
        }
        #expect(batch == nil)
    }

    @Test func aScalarIsNotBlownUp() throws {
        for sizes: [Int64] in [[1 << 29], [1 << 40, 1 << 40], [1 << 20, 1 << 20, 0], [-1]] {
            let grown = try Self.folded {
                $0.constant("a", [], [1])
                $0.integers("sizes", [sizes.count], sizes)
                $0.node("Expand", ["a", "sizes"], ["c"])
            }
            #expect(grown == nil || grown?.count == 0)
            let filled = try Self.folded {
                $0.integers("sizes", [sizes.count], sizes)
                $0.node("ConstantOfShape", ["sizes"], ["c"])
            }
            #expect(filled == nil || filled?.count == 0)
        }
    }

    @Test func whatHasNoResultIsLeftToTheRuntime() throws {
        let impossible: [(String, Int64, Int64)] = [
            ("Div", 1, 0), ("Div", .min, -1), ("Mul", .max, 2), ("Add", .max, 1),
        ]
        for (op, left, right) in impossible {
            let result = try Self.folded {
                $0.integers("a", [1], [left])
                $0.integers("b", [1], [right])
                $0.node(op, ["a", "b"], ["c"])
            }
            #expect(result == nil)
        }
    }
}

import Testing

@testable import ONNXModel

/// `Reshape` as exporters write it: computed targets, targets with the batch of the exporter's example.
struct ReshapeTests {
    /// `x` [N,4,2,3] → `Relu` → `Reshape` to `target` → `y`.
    private static func model(
        batch: Dimension.Size = .named("N"), _ target: [Int64], attributes: [Attribute] = []
    ) -> Model {
        var builder = ModelBuilder()
        builder.input("x", [batch, .value(4), .value(2), .value(3)])
        builder.integers("target", [target.count], target)
        builder.node("Relu", ["x"], ["r"])
        builder.node("Reshape", ["r", "target"], ["y"], attributes)
        builder.output("y", nil)
        return builder.model
    }

    private static func repaired(_ source: Model) throws -> Model {
        var model = source
        _ = try GraphPass.mending.run(&model)
        try model.graph.validate()
        #expect(try GraphPass.mending.run(&model).isEmpty)
        return model
    }

    @Test(arguments: [[1, 24], [1, -1], [0, 24], [-1, 24], [0, -1]] as [[Int64]])
    func aRowPerFaceIsAFlattenWhateverTheBatch(target: [Int64]) throws {
        for batch: Dimension.Size in [.named("N"), .unknown, .value(1)] {
            let model = try Self.repaired(Self.model(batch: batch, target))
            #expect(model.graph.nodes.map(\.op) == ["Relu", "Flatten"])
            #expect(try Outputs.of(model, [3, 4, 2, 3]).dims == [3, 24])
        }
    }

    @Test func aBatchInsideALargerTargetIsOpened() throws {
        let model = try Self.repaired(Self.model([1, 2, 2, 6]))
        #expect(try Outputs.of(model, [3, 4, 2, 3]).dims == [3, 2, 2, 6])
    }

    @Test func rowsOfOtherSizesStay() throws {
        for target: [Int64] in [[2, 12], [-1, 12], [4, -1], [-1, 6, 4]] {
            let model = try Self.repaired(Self.model(target))
            #expect(model.graph.nodes.map(\.op) == ["Relu", "Reshape"])
            #expect(try model.graph.initializers.first?.int64s() == target)
        }
    }

    @Test(arguments: [Int64(9), 13, 17])
    func aTargetComputedFromTheShapeIsAFlatten(opset: Int64) throws {
        var builder = ModelBuilder(opset: opset)
        builder.input("x", [.named("batch"), .value(4), .value(2), .value(3)])
        builder.integers("zero", [], [0])
        builder.integers("open", [1], [-1])
        builder.integers("axes", [1], [0])
        builder.node("Relu", ["x"], ["r"])
        builder.node("Shape", ["r"], ["shape"])
        builder.node("Gather", ["shape", "zero"], ["n"])
        if opset < 13 {
            builder.node("Unsqueeze", ["n"], ["n1"], [Attribute("axes", .ints([0]))])
        } else {
            builder.node("Unsqueeze", ["n", "axes"], ["n1"])
        }
        builder.node("Concat", ["n1", "open"], ["target"], [Attribute("axis", .int(0))])
        builder.node("Reshape", ["r", "target"], ["y"])
        builder.output("y", nil)
        let model = try Self.repaired(builder.model)
        #expect(model.graph.nodes.map(\.op) == ["Relu", "Flatten"])
        #expect(model.graph.initializers.isEmpty)
        #expect(try Outputs.of(model, [3, 4, 2, 3]).dims == [3, 24])
    }

    @Test func aComputedTargetOfMoreDimensionsBecomesConstant() throws {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(4), .value(2), .value(3)])
        builder.integers("zero", [1], [0])
        builder.integers("rest", [2], [8, 3])
        builder.node("Relu", ["x"], ["r"])
        builder.node("Shape", ["r"], ["shape"])
        builder.node("Gather", ["shape", "zero"], ["n"])
        builder.node("Concat", ["n", "rest"], ["target"], [Attribute("axis", .int(0))])
        builder.node("Reshape", ["r", "target"], ["y"])
        builder.output("y", nil)
        let model = try Self.repaired(builder.model)
        #expect(model.graph.nodes.map(\.op) == ["Relu", "Reshape"])
        #expect(try model.graph.initializers.map { try $0.int64s() } == [[0, 8, 3]])
    }
}

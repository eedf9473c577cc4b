import Testing

@testable import ONNXModel

struct OpsetUpgradeTests {
    private static func upgraded(opset: Int64, _ build: (inout ModelBuilder) -> Void) throws -> Model {
        var builder = ModelBuilder(opset: opset, irVersion: 3)
        builder.input("x", [.named("N"), .value(4), .value(6)])
        build(&builder)
        builder.output("y", nil)
        var model = builder.model
        _ = try GraphPass.upgradeOpset.run(&model)
        try model.graph.validate()
        #expect(try GraphPass.upgradeOpset.run(&model).isEmpty)
        return model
    }

    @Test func attributesThatBecameInputsMove() throws {
        let model = try Self.upgraded(opset: 7) {
            $0.node("Unsqueeze", ["x"], ["u"], [Attribute("axes", .ints([0]))])
            $0.node("Squeeze", ["u"], ["s"], [Attribute("axes", .ints([0]))])
            $0.node("ReduceSum", ["s"], ["r"], [Attribute("axes", .ints([2])), Attribute("keepdims", .int(1))])
            $0.node(
                "Slice", ["r"], ["t"],
                [Attribute("starts", .ints([0])), Attribute("ends", .ints([2])), Attribute("axes", .ints([1]))])
            $0.node("Clip", ["t"], ["y"], [Attribute("min", .float(0))])
        }
        #expect(model.opset == 13)
        #expect(model.irVersion == 7)
        #expect(model.graph.nodes.map(\.inputs.count) == [2, 2, 2, 4, 3])
        #expect(model.graph.nodes.flatMap(\.attributes).map(\.name) == ["keepdims"])
        let index = GraphIndex(model.graph)
        #expect(try model.graph.constant(model.graph.nodes[3], 2, index)?.int64s() == [2])
        #expect(try model.graph.constant(model.graph.nodes[4], 1, index)?.floats() == [0])
        #expect(try model.graph.constant(model.graph.nodes[4], 2, index)?.floats() == [Float.greatestFiniteMagnitude])
    }

    @Test func aSoftmaxOverTheLastDimensionIsLifted() throws {
        let last = try Self.upgraded(opset: 11) { $0.node("Softmax", ["x"], ["y"], [Attribute("axis", .int(2))]) }
        #expect(last.opset == 13)
        #expect(last.graph.nodes[0].int("axis") == -1)
        let all = try Self.upgraded(opset: 11) { $0.node("Softmax", ["x"], ["y"]) }
        #expect(all.opset == 11)
    }

    @Test func whatCannotBeLiftedStaysAndIsNamed() throws {
        let model = try Self.upgraded(opset: 9) {
            $0.constant("scales", [3], [1, 2, 2])
            $0.node("Upsample", ["x", "scales"], ["u"])
            $0.node("Squeeze", ["u"], ["y"], [Attribute("axes", .ints([0]))])
        }
        #expect(model.opset == 9)
        #expect(model.graph.nodes[1].inputs == ["u"])
        #expect(OpsetUpgrade(model.graph, from: 9).obstacle == "Upsample 'u'")
    }

    @Test func newGraphsStayAsTheyAre() throws {
        #expect(try Self.upgraded(opset: 13) { $0.node("Relu", ["x"], ["y"]) }.irVersion == 3)
        #expect(try Self.upgraded(opset: 21) { $0.node("Relu", ["x"], ["y"]) }.opset == 21)
    }
}

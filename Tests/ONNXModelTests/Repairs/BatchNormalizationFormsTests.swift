import Testing

@testable import ONNXModel

struct BatchNormalizationFormsTests {
    private static func model(dims: [Int], spatial: Int64) -> Model {
        var builder = ModelBuilder(opset: 8)
        builder.input("x", [.named("N"), .value(4), .value(3), .value(3)])
        builder.normalization("x", "n", dims: dims, [Attribute("spatial", .int(spatial))])
        builder.node("Relu", ["n"], ["y"])
        builder.output("y", nil)
        return builder.model
    }

    @Test(arguments: [Int64(0), 1])
    func parametersOfChannelsMeanChannels(spatial: Int64) throws {
        var model = Self.model(dims: [4], spatial: spatial)
        let before = try Outputs.of(model, [2, 4, 3, 3])
        #expect(try GraphPass.batchNormalizationForms.run(&model).count == 1)
        #expect(model.graph.nodes[0].int("spatial") == nil)
        #expect(try Outputs.of(model, [2, 4, 3, 3]) == before)
        #expect(try GraphPass.batchNormalizationForms.run(&model).isEmpty)
    }

    @Test func parametersOfPlacesAreAppliedPlaceByPlace() throws {
        var model = Self.model(dims: [4, 3, 3], spatial: 0)
        let before = try Outputs.of(model, [2, 4, 3, 3])
        _ = try GraphPass.batchNormalizationForms.run(&model)
        try model.graph.validate()
        #expect(model.graph.nodes.map(\.op) == ["Mul", "Add", "Relu"])
        #expect(try Outputs.of(model, [2, 4, 3, 3]).distance(to: before) < 1e-6)
        #expect(try GraphPass.repairs.run(&model).map(\.pass).contains("batch normalisation") == false)
    }
}

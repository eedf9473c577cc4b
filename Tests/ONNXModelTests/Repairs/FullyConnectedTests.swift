import Testing

@testable import ONNXModel

struct FullyConnectedTests {
    private static func plain(_ build: (inout ModelBuilder) -> Void) throws -> Model {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(6)])
        build(&builder)
        builder.output("y", nil)
        var model = builder.model
        let before = try Outputs.of(model, [3, 6])
        _ = try [GraphPass.fullyConnected, .unusedInitializers].run(&model)
        try model.graph.validate()
        #expect(try Outputs.of(model, [3, 6]).distance(to: before) < 1e-5)
        #expect(try GraphPass.fullyConnected.run(&model).isEmpty)
        return model
    }

    @Test(arguments: [[4], [1, 4]])
    func aProductAndItsAddendAreOneLayer(dims: [Int]) throws {
        for isFirst in [true, false] {
            let model = try Self.plain {
                $0.weights("w", [6, 4])
                $0.weights("b", dims)
                $0.node("MatMul", ["x", "w"], ["m"])
                $0.node("Add", isFirst ? ["b", "m"] : ["m", "b"], ["y"])
            }
            #expect(model.graph.nodes.map(\.op) == ["Gemm"])
            #expect(model.graph.constant(model.graph.nodes[0], 2, GraphIndex(model.graph))?.dims == [4])
        }
    }

    @Test func aProductAloneIsALayerWithoutBias() throws {
        let model = try Self.plain {
            $0.weights("w", [6, 4])
            $0.node("MatMul", ["x", "w"], ["y"])
        }
        #expect(model.graph.nodes.map(\.op) == ["Gemm"])
        #expect(model.graph.nodes[0].inputs == ["x", "w"])
    }

    @Test(arguments: [[4], [1, 4], [1], []])
    func factorsGoIntoTheConstants(dims: [Int]) throws {
        let model = try Self.plain {
            $0.weights("w", [4, 6])
            $0.weights("b", dims)
            $0.node(
                "Gemm", ["x", "w", "b"], ["y"],
                [Attribute("transB", .int(1)), Attribute("alpha", .float(0.5)), Attribute("beta", .float(3))])
        }
        #expect(model.graph.nodes[0].attributes.map(\.name) == ["transB"])
        #expect(model.graph.constant(model.graph.nodes[0], 2, GraphIndex(model.graph))?.dims == [4])
    }

    @Test func productsOfImagesStay() throws {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(4), .value(6)])
        builder.weights("w", [6, 4])
        builder.node("MatMul", ["x", "w"], ["y"])
        builder.output("y", nil)
        var model = builder.model
        #expect(try GraphPass.fullyConnected.run(&model).isEmpty)
    }
}

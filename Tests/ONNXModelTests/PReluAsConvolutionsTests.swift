import Testing

@testable import ONNXModel

struct PReluAsConvolutionsTests {
    private static func outputs(_ model: Model) throws -> Values {
        var generator = SeededGenerator(seed: 5)
        let image = Values([1, 3, 112, 112]) { _ in Float.random(in: -1...1, using: &generator) }
        return try #require(try Interpreter.run(model, ["data": image])["fc1"])
    }

    @Test(arguments: [0.1...0.9, -0.5...1, 0.5...1.5] as [ClosedRange<Float>])
    func theFormWithoutPReluGivesTheSame(slopes: ClosedRange<Float>) throws {
        let source = SmallFace(slopes: slopes).build()
        var model = source
        #expect(try GraphPass.onnxruntimeCPU.run(&model).count == 2)
        try model.graph.validate()
        #expect(!model.graph.nodes.contains { $0.op == "PRelu" })
        #expect(try Self.outputs(model).distance(to: Self.outputs(source)) < 1e-6)
        #expect(try GraphPass.onnxruntimeCPU.run(&model).isEmpty)
    }

    @Test func slopesUpToOneTakeTwoPassesAndLargerOnesThree() throws {
        var small = SmallFace(slopes: 0...1).build()
        _ = try GraphPass.preluAsConvolutions.run(&small)
        #expect(small.graph.nodes.map(\.op).prefix(5) == ["Conv", "Conv", "Relu", "Conv", "Add"])
        var large = SmallFace(slopes: 1.1...2).build()
        _ = try GraphPass.preluAsConvolutions.run(&large)
        #expect(large.graph.nodes.map(\.op).prefix(5) == ["Conv", "Relu", "Conv", "Conv", "Add"])
    }

    @Test func oneSlopeForAllChannelsIsALeakyRelu() throws {
        let source = SmallFace(slopeDims: [1]).build()
        var model = source
        _ = try GraphPass.onnxruntimeCPU.run(&model)
        #expect(model.graph.nodes.map(\.op).prefix(2) == ["Conv", "LeakyRelu"])
        #expect(try Self.outputs(model) == Self.outputs(source))
        #expect(try GraphPass.onnxruntimeCPU.run(&model).isEmpty)
    }

    @Test func onlySlopesForChannelsOfAConvolutionAreRewritten() throws {
        var shared = SmallFace(slopeDims: [1]).build()
        #expect(try GraphPass.preluAsConvolutions.run(&shared).isEmpty)
        var builder = ModelBuilder()
        builder.input("x", [.value(1), .value(16), .value(4), .value(4)])
        builder.weights("slope", [16, 1, 1])
        builder.node("PRelu", ["x", "slope"], ["y"])
        builder.output("y", nil)
        var unknown = builder.model
        #expect(try GraphPass.preluAsConvolutions.run(&unknown).isEmpty)
    }
}

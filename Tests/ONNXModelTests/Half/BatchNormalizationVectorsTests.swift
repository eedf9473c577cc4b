import Testing

@testable import ONNXModel

struct BatchNormalizationVectorsTests {
    /// image → Conv 3→4 → BatchNormalization → GlobalAveragePool → Flatten.
    private func model(variance: [Float], attributes: [Attribute], scale: [Float] = [1, 2, 3, 4]) throws
        -> PreparedModel
    {
        var builder = ModelBuilder()
        builder.input("data", [.value(1), .value(3), .value(112), .value(112)])
        builder.weights("w1", [4, 3, 3, 3])
        builder.convolution("data", "w1", "c1", stride: 8)
        // Two takers, so that the normalisation can't become part of the convolution.
        builder.node("Relu", ["c1"], ["r1"])
        builder.constant("scale", [4], scale)
        builder.constant("bias", [4], [0, 1, -1, 0.5])
        builder.constant("mean", [4], [0.5, -0.5, 1, 0])
        builder.constant("variance", [4], variance)
        builder.node("BatchNormalization", ["r1", "scale", "bias", "mean", "variance"], ["b1"], attributes)
        builder.node("GlobalAveragePool", ["b1"], ["g1"])
        builder.node("Flatten", ["g1"], ["fc1"], [Attribute("axis", .int(1))])
        builder.output("fc1", [.value(1), .value(4)])
        return try FaceModel.prepare(builder.model, preprocessing: nil, target: .portable)
    }

    @Test func variancesBelowFloat16AreFoldedBeforeTheyAreRounded() throws {
        let variance: [Float] = [1e-9, 4e-6, 1, 0]
        let half = try model(variance: variance, attributes: [Attribute("epsilon", .float(1e-7))]).half().model.model
        let node = try #require(half.graph.nodes.first { $0.op == "BatchNormalization" })
        let index = GraphIndex(half.graph)
        let parts = try (1...4).map { slot in try #require(half.graph.constant(node, slot, index)) }
        #expect(parts.allSatisfy { $0.type == .float16 })
        #expect(try parts[2].floats() == [0, 0, 0, 0])
        #expect(try parts[3].floats() == [1, 1, 1, 1])
        #expect(node.attributes.count { $0.name == "epsilon" } == 1)
        guard case .float(0)? = node.attributes.first(where: { $0.name == "epsilon" })?.value else {
            Issue.record("the old epsilon is still there")
            return
        }
        let scale: [Float] = [1, 2, 3, 4]
        let bias: [Float] = [0, 1, -1, 0.5]
        let mean: [Float] = [0.5, -0.5, 1, 0]
        for channel in 0..<4 {
            let factor = scale[channel] / (variance[channel] + 1e-7).squareRoot()
            let offset = bias[channel] - mean[channel] * factor
            #expect(abs(try parts[0].floats()[channel] - factor) <= 0x1p-11 * factor)
            #expect(abs(try parts[1].floats()[channel] - offset) <= 0x1p-11 * abs(offset))
        }
    }

    @Test func outputsThatNobodyTakesAreNoHindrance() throws {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(4), .value(2), .value(2)])
        for (name, value) in [("scale", 2), ("bias", 3), ("mean", 4), ("variance", 1)] as [(String, Float)] {
            builder.constant(name, [4], Array(repeating: value, count: 4))
        }
        let inputs = ["x", "scale", "bias", "mean", "variance"]
        func constants(_ outputs: [String], spatial: Int64 = 1) throws -> BatchNormalizationConstants? {
            let node = Node(
                "BatchNormalization", inputs, outputs,
                [Attribute("epsilon", .float(0)), Attribute("spatial", .int(spatial))])
            return try BatchNormalizationConstants(node, builder.model.graph, GraphIndex(builder.model.graph))
        }
        let plain = try #require(try constants(["y"]))
        #expect(plain.scale == [2, 2, 2, 2] && plain.shift == [-5, -5, -5, -5] && plain.isChannelwise)
        #expect(try constants(["y", "", ""])?.shift == plain.shift)
        #expect(try constants(["y", "running"]) == nil)
        #expect(try constants(["y"], spatial: 0)?.isChannelwise == false)
    }

    @Test func aMissingEpsilonIsOnnxsDefault() throws {
        let half = try model(variance: [0, 0, 0, 0], attributes: []).half().model.model
        let node = try #require(half.graph.nodes.first { $0.op == "BatchNormalization" })
        let factors = try #require(half.graph.constant(node, 1, GraphIndex(half.graph))).floats()
        #expect(abs(factors[0] - 316.2278) < 0.2)
    }

    @Test func aQuotientThatFloat16CannotHoldKeepsTheNodeInFloat32() throws {
        let source = try model(variance: [1e-12, 1, 1, 1], attributes: [Attribute("epsilon", .float(0))])
        let (half, kept) = try source.half()
        #expect(kept.map(\.node) == ["BatchNormalization 'b1'"])
        let node = try #require(half.model.graph.nodes.first { $0.op == "BatchNormalization" })
        #expect(half.model.graph.constant(node, 4, GraphIndex(half.model.graph))?.type == .float)
        let divided = try model(variance: [0, 1, 1, 1], attributes: [Attribute("epsilon", .float(0))])
        #expect(try divided.half().kept.map(\.obstacle) == [.needsSingle])
    }
}

import Testing

@testable import ONNXModel

@Suite struct Int8GraphTests {
    /// Where pairs stand, for people: the value behind which each `QuantizeLinear` is.
    private func pairs(_ model: Model) -> Set<String> {
        Set(model.graph.nodes.filter { $0.isOperator("QuantizeLinear") }.map { $0.inputs[0] })
    }

    private func inputs(_ model: Model, of output: String) throws -> [String] {
        try #require(model.graph.nodes.first { $0.outputs.contains(output) }).inputs
    }

    /// x → a → PRelu → BatchNormalization → b, added to a's activation, → Flatten → Gemm → out.
    private func residual() -> Model {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(3), .value(8), .value(8)])
        builder.weights("wa", [16, 3, 3, 3])
        builder.weights("ba", [16])
        builder.weights("wb", [16, 16, 3, 3])
        builder.weights("slope", [16, 1, 1], in: 0.1...0.9)
        for name in ["gamma", "beta", "mean"] { builder.weights(name, [16]) }
        builder.weights("variance", [16], in: 0.5...2)
        builder.weights("wg", [4, 1024])
        builder.node("Conv", ["x", "wa", "ba"], ["a"], [Attribute("pads", .ints([1, 1, 1, 1]))])
        builder.node("PRelu", ["a", "slope"], ["p"])
        builder.node("BatchNormalization", ["p", "gamma", "beta", "mean", "variance"], ["n"])
        builder.convolution("n", "wb", "b", stride: 1)
        builder.node("Add", ["b", "p"], ["s"])
        builder.node("Flatten", ["s"], ["f"])
        builder.node("Gemm", ["f", "wg"], ["out"], [Attribute("transB", .int(1))])
        builder.output("out", [.named("N"), .value(4)])
        return builder.model
    }

    private func builder(_ model: Model, _ target: Int8Target, without: String? = nil) throws -> Int8Builder {
        let layout = Int8Layout(model.graph, target: target)
        var thresholds = Dictionary(uniqueKeysWithValues: layout.measured.map { ($0, Float(3)) })
        if let without { thresholds[without] = .nan }
        return try Int8Builder(model, layout: layout, thresholds: ActivationThresholds(thresholds))
    }

    @Test func forTensorRTPairsStandInFrontOfLayersAndShortcutsAlone() throws {
        let model = try builder(residual(), .tensorrt).model(keeping: [])
        #expect(pairs(model) == ["x", "n", "p", "f"])
        #expect(try inputs(model, of: "s") == ["b", "p_dequantized"])
        #expect(try inputs(model, of: "n")[0] == "p_dequantized", "stored in 8 bits once, not also in full")
        #expect(try inputs(model, of: "a")[2] == "ba", "biases stay float32")
        let zeros = model.graph.initializers.filter { $0.name.hasSuffix("_zero") }
        #expect(try zeros.allSatisfy { try $0.type == .int8 && $0.int64s().allSatisfy { $0 == 0 } })
        #expect(model.graph.nodes.contains { $0.isOperator("PRelu") })
    }

    @Test func forONNXRuntimePairsStandBehindLayersTooAndActivationsAreRewritten() throws {
        let model = try builder(residual(), .onnxruntime).model(keeping: [])
        #expect(pairs(model) == ["x", "a", "n", "b", "f"])
        #expect(try inputs(model, of: "s") == ["b_dequantized", "p"], "the shortcut stays float32")
        #expect(try inputs(model, of: "p") == ["a_dequantized", "p_sloped"])
        #expect(!model.graph.nodes.contains { $0.isOperator("PRelu") || $0.isOperator("BatchNormalization") })
        let zero = try #require(model.graph.initializers.first { $0.name == "a_zero" })
        #expect(try zero.type == .uint8 && zero.int64s() == [128])
        let bias = try #require(model.graph.initializers.first { $0.name == "a_bias" })
        #expect(bias.type == .int32)
        // The bias in steps of input scale · weight scale.
        let weights = try #require(model.graph.initializers.first { $0.name == "a_weights_scale" }).floats()
        let source = try #require(residual().graph.initializers.first { $0.name == "ba" }).floats()
        for (channel, steps) in try bias.int64s().enumerated() {
            let step = weights[channel] * (3 / 127)
            #expect(abs(Float(steps) * step - source[channel]) <= step * 0.51)
        }
    }

    @Test(arguments: Int8Target.allCases)
    func whatIsKeptHasItsFloatWeightsAndNoPairsOfItsOwn(target: Int8Target) throws {
        let builder = try builder(residual(), target)
        let one = try builder.model(keeping: ["b"])
        #expect(!pairs(one).contains("n"))
        #expect(try inputs(one, of: "b") == ["n", "wb"])
        let all = try builder.model(keeping: Set(builder.units))
        #expect(pairs(all).isEmpty)
        #expect(!all.graph.initializers.contains { $0.type == .int8 })
    }

    @Test(arguments: Int8Target.allCases)
    func aLayerWhoseValuesAreNotFiniteStaysInFloat32(target: Int8Target) throws {
        let builder = try builder(residual(), target, without: "f")
        #expect(builder.impossible.map(\.unit) == ["out"])
        #expect(!builder.units.contains("out"))
        #expect(try inputs(try builder.model(keeping: []), of: "out") == ["f", "wg"])
    }

    @Test func slopesOnBothSidesOfOneNeedMoreThanAMaximum() throws {
        var model = residual()
        let slot = try #require(model.graph.initializers.firstIndex { $0.name == "slope" })
        func operators(_ slopes: [Float]) throws -> [String] {
            model.graph.initializers[slot] = Tensor(name: "slope", dims: [16, 1, 1], floats: slopes)
            let graph = try builder(model, .onnxruntime).model(keeping: []).graph
            return graph.nodes.filter { $0.outputs[0] == "p" || $0.outputs[0].hasPrefix("p_re") }.map(\.op)
        }
        #expect(try operators(Array(repeating: -0.5, count: 16)) == ["Max"])
        #expect(try operators(Array(repeating: 1.5, count: 16)) == ["Min"])
        #expect(try operators((0..<16).map { Float($0) / 8 }) == ["Relu", "Mul", "Add"])
    }

    @Test func opsetsWithoutAScaleAChannelAreRefused() {
        var model = residual()
        model.operatorSets = [Model.OperatorSet(version: 12)]
        #expect { try builder(model, .tensorrt) } throws: { ($0 as? ONNXModelError)?.code == .unsupportedOpset }
    }
}

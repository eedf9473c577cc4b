import CUDAEngine

@testable import ONNXModel

/// Face networks with every arrangement of operators that the compiler knows, with few channels.
enum SmallNetworks {
    static func all() throws -> [FusedNetwork] {
        try [residual(), mobile()].map { try EngineCompiler.network(of: $0) }
    }

    /// IResNet's arrangement: normalisations in front of padded convolutions, a shortcut with a convolution and one without.
    static func residual() throws -> PreparedModel {
        var builder = NetworkBuilder(seed: 3)
        var value = builder.convolution("image", from: 3, to: 64, stride: 1)
        value = builder.prelu(builder.normalization(value, 64), 64)
        for (inputs, outputs, stride) in [(64, 64, 2), (64, 128, 2), (128, 128, 1), (128, 128, 2)] {
            var inner = builder.convolution(builder.normalization(value, inputs), from: inputs, to: outputs, stride: 1)
            inner = builder.prelu(builder.normalization(inner, outputs), outputs)
            inner = builder.convolution(inner, from: outputs, to: outputs, stride: stride)
            inner = builder.normalization(inner, outputs)
            var shortcut = value
            if stride != 1 || inputs != outputs {
                shortcut = builder.convolution(value, from: inputs, to: outputs, kernel: 1, stride: stride)
                shortcut = builder.normalization(shortcut, outputs)
            }
            value = builder.node("Add", [inner, shortcut])
        }
        value = builder.node("Flatten", [builder.normalization(value, 128)], [Attribute("axis", .int(1))])
        value = builder.fullyConnected(value, from: 128 * 14 * 14, to: 64)
        return try builder.prepared(value, width: 64)
    }

    /// MobileFaceNet's arrangement: depthwise and pointwise, a linear bottleneck, the last window over the whole image.
    static func mobile() throws -> PreparedModel {
        var builder = NetworkBuilder(seed: 4)
        var value = builder.prelu(builder.convolution("image", from: 3, to: 24, stride: 2), 24)
        value = builder.prelu(builder.convolution(value, from: 24, to: 24, stride: 2, group: 24), 24)
        for _ in 0..<2 {
            var inner = builder.prelu(builder.convolution(value, from: 24, to: 48, kernel: 1), 48)
            inner = builder.prelu(builder.convolution(inner, from: 48, to: 48, group: 48), 48)
            inner = builder.convolution(inner, from: 48, to: 24, kernel: 1)
            value = builder.node("Add", [value, inner])
        }
        // Groups of two channels, as one MobileFaceNet has them.
        value = builder.prelu(builder.convolution(value, from: 24, to: 24, group: 12), 24)
        value = builder.prelu(builder.convolution(value, from: 24, to: 40, stride: 4), 40)
        value = builder.convolution(value, from: 40, to: 40, kernel: 7, padding: 0, group: 40)
        value = builder.node("Flatten", [value], [Attribute("axis", .int(1))])
        value = builder.fullyConnected(value, from: 40, to: 32)
        return try builder.prepared(value, width: 32)
    }
}

/// Writes networks with random weights in code.
struct NetworkBuilder {
    private var graph = Graph()
    private var state: UInt64
    private var count = 0

    init(seed: UInt64) {
        state = seed
        graph.inputs = [ValueInfo("image", .float, [.named("N"), .value(3), .value(112), .value(112)])]
    }

    /// Numbers evenly spread over a range.
    mutating func constant(_ dims: [Int], _ range: ClosedRange<Float>) -> String {
        count += 1
        let name = "c\(count)"
        let values = (0..<dims.reduce(1, *)).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + (range.upperBound - range.lowerBound) * Float(state >> 40) / Float(1 << 24)
        }
        graph.initializers.append(Tensor(name: name, dims: dims, floats: values))
        return name
    }

    mutating func node(_ op: String, _ inputs: [String], _ attributes: [Attribute] = []) -> String {
        count += 1
        graph.nodes.append(Node(op, inputs, ["v\(count)"], attributes))
        return "v\(count)"
    }

    mutating func convolution(
        _ input: String, from inputs: Int, to outputs: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil,
        group: Int = 1
    ) -> String {
        let spread = (6 / Float(inputs / group * kernel * kernel)).squareRoot()
        let weights = constant([outputs, inputs / group, kernel, kernel], -spread...spread)
        let padding = Int64(padding ?? kernel / 2)
        return node(
            "Conv", [input, weights],
            [
                Attribute("kernel_shape", .ints([Int64(kernel), Int64(kernel)])),
                Attribute("strides", .ints([Int64(stride), Int64(stride)])),
                Attribute("pads", .ints([padding, padding, padding, padding])),
                Attribute("group", .int(Int64(group))),
            ])
    }

    /// Parameters far from 0 and 1.
    mutating func normalization(_ input: String, _ channels: Int) -> String {
        let parameters = [0.5...1.5, -1...1, -1...1, 0.5...2].map { constant([channels], $0) }
        return node("BatchNormalization", [input] + parameters)
    }

    mutating func prelu(_ input: String, _ channels: Int) -> String {
        node("PRelu", [input, constant([channels, 1, 1], 0.1...0.5)])
    }

    mutating func fullyConnected(_ input: String, from inputs: Int, to outputs: Int) -> String {
        let spread = (3 / Float(inputs)).squareRoot()
        let operands = [constant([outputs, inputs], -spread...spread), constant([outputs], -0.1...0.1)]
        return node("Gemm", [input] + operands, [Attribute("transB", .int(1))])
    }

    func prepared(_ output: String, width: Int) throws -> PreparedModel {
        var model = Model()
        model.irVersion = 8
        model.operatorSets = [Model.OperatorSet(version: 17)]
        model.graph = graph
        model.graph.outputs = [ValueInfo(output, .float, [.named("N"), .value(Int64(width))])]
        return try FaceModel.prepare(model, preprocessing: nil, target: .reference)
    }
}

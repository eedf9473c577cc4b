package import ONNXModel

/// Writes networks with random weights in code.
package struct NetworkBuilder {
    private var graph = Graph()
    private var state: UInt64
    private var count = 0

    /// Numbers from a seed: the same in each run.
    package init(seed: UInt64) {
        state = seed
        graph.inputs = [ValueInfo("image", .float, [.named("N"), .value(3), .value(112), .value(112)])]
    }

    /// Numbers evenly spread over a range.
    package mutating func constant(_ dims: [Int], _ range: ClosedRange<Float>) -> String {
        count += 1
        let name = "c\(count)"
        let values = (0..<dims.reduce(1, *)).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + (range.upperBound - range.lowerBound) * Float(state >> 40) / Float(1 << 24)
        }
        graph.initializers.append(Tensor(name: name, dims: dims, floats: values))
        return name
    }

    /// A node of one output.
    package mutating func node(_ op: String, _ inputs: [String], _ attributes: [Attribute] = []) -> String {
        count += 1
        graph.nodes.append(Node(op, inputs, ["v\(count)"], attributes))
        return "v\(count)"
    }

    /// `Conv` with a square window; by default padded to keep the size.
    package mutating func convolution(
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
    package mutating func normalization(_ input: String, _ channels: Int) -> String {
        let parameters = [0.5...1.5, -1...1, -1...1, 0.5...2].map { constant([channels], $0) }
        return node("BatchNormalization", [input] + parameters)
    }

    /// `PRelu` with a slope a channel.
    package mutating func prelu(_ input: String, _ channels: Int) -> String {
        node("PRelu", [input, constant([channels, 1, 1], 0.1...0.5)])
    }

    /// `Gemm` with a bias.
    package mutating func fullyConnected(_ input: String, from inputs: Int, to outputs: Int) -> String {
        let spread = (3 / Float(inputs)).squareRoot()
        let operands = [constant([outputs, inputs], -spread...spread), constant([outputs], -0.1...0.1)]
        return node("Gemm", [input] + operands, [Attribute("transB", .int(1))])
    }

    /// The network, prepared.
    package func prepared(_ output: String, width: Int) throws -> PreparedModel {
        var model = Model()
        model.irVersion = 8
        model.operatorSets = [Model.OperatorSet(version: 17)]
        model.graph = graph
        model.graph.outputs = [ValueInfo(output, .float, [.named("N"), .value(Int64(width))])]
        return try FaceModel.prepare(model, preprocessing: nil, target: .reference)
    }
}

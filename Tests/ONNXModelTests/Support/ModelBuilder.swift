@testable import ONNXModel

/// Builds small models in code.
struct ModelBuilder {
    var model = Model()
    private var generator: SeededGenerator

    init(opset: Int64 = 17, irVersion: Int64 = 8, seed: UInt64 = 1) {
        model.irVersion = irVersion
        model.producerName = "tests"
        model.operatorSets = [Model.OperatorSet(version: opset)]
        model.graph.name = "small"
        generator = SeededGenerator(seed: seed)
    }

    mutating func input(_ name: String, _ shape: [Dimension.Size], _ element: ElementType = .float) {
        model.graph.inputs.append(ValueInfo(name, element, shape))
    }

    mutating func output(_ name: String, _ shape: [Dimension.Size]?, _ element: ElementType = .float) {
        model.graph.outputs.append(ValueInfo(name, element, shape))
    }

    mutating func constant(_ name: String, _ dims: [Int], _ values: [Float]) {
        model.graph.initializers.append(Tensor(name: name, dims: dims, floats: values))
    }

    mutating func integers(_ name: String, _ dims: [Int], _ values: [Int64]) {
        model.graph.initializers.append(Tensor(name: name, dims: dims, int64s: values))
    }

    /// Elements of one byte each.
    mutating func bytes(_ name: String, _ type: ElementType, _ dims: [Int], _ values: [UInt8]) {
        model.graph.initializers.append(
            Tensor(name: name, type: type, dims: dims, storage: .raw(ByteSlice(ByteStorage(values)))))
    }

    mutating func weights(_ name: String, _ dims: [Int], in range: ClosedRange<Float> = -1...1) {
        constant(name, dims, generator.floats(dims.reduce(1, *), in: range))
    }

    mutating func node(_ op: String, _ inputs: [String], _ outputs: [String], _ attributes: [Attribute] = []) {
        model.graph.nodes.append(Node(op, inputs, outputs, attributes))
    }

    /// `Conv` 3×3 with padding.
    mutating func convolution(_ input: String, _ weights: String, _ output: String, stride: Int64) {
        node(
            "Conv", [input, weights], [output],
            [
                Attribute("kernel_shape", .ints([3, 3])), Attribute("pads", .ints([1, 1, 1, 1])),
                Attribute("strides", .ints([stride, stride])),
            ])
    }
}

/// What varies between the small face models of the tests.
struct SmallFace {
    var inputShape: [Dimension.Size] = [.value(1), .value(3), .value(112), .value(112)]
    var outputShape: [Dimension.Size]? = [.value(1), .value(8)]
    var inputName = "data"
    var outputName = "fc1"
    var opset: Int64 = 17
    /// Adds nodes from the input to the value whose name it returns.
    var before: (inout ModelBuilder, String) -> String = { $1 }
    /// Whether a second convolution takes the image as well.
    var twoConvolutions = false
    var slopes: ClosedRange<Float> = 0.1...0.9
    var slopeDims = [16, 1, 1]

    /// image → Conv 3→16 (stride 8) → PRelu → GlobalAveragePool → Flatten → Gemm 16→8.
    func build() -> Model {
        var builder = ModelBuilder(opset: opset)
        builder.input(inputName, inputShape)
        let image = before(&builder, inputName)
        builder.weights("w1", [16, 3, 3, 3])
        builder.weights("slope", slopeDims, in: slopes)
        builder.weights("w2", [8, 16])
        builder.weights("b2", [8])
        builder.convolution(image, "w1", "c1", stride: 8)
        var value = "c1"
        if twoConvolutions {
            builder.weights("w3", [16, 3, 3, 3])
            builder.convolution(image, "w3", "c3", stride: 8)
            builder.node("Add", ["c1", "c3"], ["both"])
            value = "both"
        }
        builder.node("PRelu", [value, "slope"], ["p1"])
        builder.node("GlobalAveragePool", ["p1"], ["g1"])
        if outputShape?.count == 4 {
            builder.weights("w4", [8, 16, 1, 1])
            builder.node("Conv", ["g1", "w4"], [outputName], [Attribute("kernel_shape", .ints([1, 1]))])
        } else {
            builder.node("Flatten", ["g1"], ["f1"], [Attribute("axis", .int(1))])
            builder.node("Gemm", ["f1", "w2", "b2"], [outputName], [Attribute("transB", .int(1))])
        }
        builder.output(outputName, outputShape)
        var model = builder.model
        let used = Set(model.graph.nodes.flatMap(\.inputs))
        model.graph.initializers.removeAll { !used.contains($0.name) }
        return model
    }
}

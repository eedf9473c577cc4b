import Testing

@testable import ONNXModel

struct DetectorModelTests {
    /// A graph with YuNet's outputs, each from a convolution of the image.
    private static func smallDetector(outputs: [(name: String, width: Int)] = DetectorModel.outputs) -> Model {
        var builder = ModelBuilder(opset: 21)
        builder.input("input", [.value(1), .value(3), .value(64), .value(64)])
        builder.weights("w0", [16, 3, 3, 3])
        builder.convolution("input", "w0", "features", stride: 8)
        for output in outputs {
            let values = Int64(output.width)
            builder.weights("\(output.name)_w", [output.width, 16, 1, 1])
            builder.integers("\(output.name)_shape", [3], [1, -1, values])
            builder.node(
                "Conv", ["features", "\(output.name)_w"], ["\(output.name)_c"],
                [Attribute("kernel_shape", .ints([1, 1]))])
            builder.node(
                "Transpose", ["\(output.name)_c"], ["\(output.name)_t"], [Attribute("perm", .ints([0, 2, 3, 1]))])
            builder.node("Reshape", ["\(output.name)_t", "\(output.name)_shape"], [output.name])
            builder.output(output.name, [.value(1), .value(64), .value(values)])
        }
        return builder.model
    }

    @Test func imagesOfAnySizeAndNumberGiveWhatTheSourceGives() throws {
        let source = Self.smallDetector()
        let prepared = try DetectorModel.prepare(bytes: source.serialized())
        #expect(prepared.model.graph.inputs.map(\.text) == ["'image' uint8 [N,H,W,3]"])
        #expect(prepared.model.graph.outputs.map(\.name) == DetectorModel.outputs.map(\.name))
        #expect(prepared.model.graph.outputs.last?.text == "'kps_32' float32 [N,?,10]")

        var generator = SeededGenerator(seed: 4)
        let image = Values([1, 64, 64, 3]) { _ in Float(Int.random(in: 0...255, using: &generator)) }
        let planar = Values([1, 3, 64, 64]) { image[[$0[0], $0[2], $0[3], $0[1]]] }
        let expected = try Interpreter.run(source, ["input": planar])
        let actual = try Interpreter.run(prepared.model, ["image": image])
        for output in DetectorModel.outputs { #expect(actual[output.name] == expected[output.name]) }

        let pair = Values([2, 32, 64, 3]) { image[[0, $0[1], $0[2], $0[3]]] }
        #expect(try Interpreter.run(prepared.model, ["image": pair])["kps_8"]?.dims == [2, 32, 10])
    }

    @Test func preparingAPreparedDetectorChangesNothing() throws {
        let once = try DetectorModel.prepare(bytes: Self.smallDetector().serialized())
        let again = try DetectorModel.prepare(bytes: once.serialized())
        #expect(again.serialized() == once.serialized())
        #expect(again.notes.isEmpty)
    }

    @Test func otherModelsAreRefused() {
        for model in [SmallFace().build(), Self.smallDetector(outputs: Array(DetectorModel.outputs.dropLast()))] {
            let error = #expect(throws: ONNXModelError.self) { try DetectorModel.prepare(bytes: model.serialized()) }
            #expect(error?.code == .notDetector)
        }
        let swapped = #expect(throws: ONNXModelError.self) {
            try FaceModel.prepare(bytes: Self.smallDetector().serialized(), preprocessing: nil, target: .portable)
        }
        #expect(swapped?.code == .notFaceModel)
    }

    @Test(.enabled(if: TestFiles.exists(TestFiles.yunet), "YuNet is not installed"))
    func yuNetLosesItsFixedSizeAndItsQuantisation() throws {
        let prepared = try DetectorModel.prepare(path: TestFiles.yunet)
        let operators = Set(prepared.model.graph.nodes.map(\.op))
        #expect(!operators.contains("DequantizeLinear"))
        #expect(prepared.model.graph.nodes.prefix(3).map(\.op) == ["Cast", "Transpose", "Conv"])
        #expect(prepared.model.graph.nodes.count { $0.op == "Reshape" } == 12)
        let index = GraphIndex(prepared.model.graph)
        for node in prepared.model.graph.nodes where node.op == "Reshape" {
            #expect(try prepared.model.graph.constant(node, 1, index)?.int64s().prefix(2) == [0, -1])
        }
        #expect(try DetectorModel.prepare(bytes: prepared.serialized()).serialized() == prepared.serialized())
    }
}

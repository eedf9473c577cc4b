import Testing

@testable import ONNXModel

struct HalfSourcesTests {
    /// The model with its constants in float16, as exporters write it: all of it, or float32 at both ends.
    private func exported(_ model: Model, keepsEnds: Bool) throws -> Model {
        var half = model
        half.graph.initializers = try model.graph.initializers.map { tensor in
            tensor.type == .float ? try tensor.half(name: tensor.name).tensor : tensor
        }
        if keepsEnds {
            half.graph.rename("data", to: "data_half")
            half.graph.rename("fc1", to: "fc1_half")
            half.graph.inputs[0].name = "data"
            half.graph.outputs[0].name = "fc1"
            half.graph.nodes.insert(
                Node("Cast", ["data"], ["data_half"], [Attribute("to", .int(10))]), at: 0)
            half.graph.nodes.append(Node("Cast", ["fc1_half"], ["fc1"], [Attribute("to", .int(1))]))
        } else {
            half.graph.inputs = [
                ValueInfo("data", .float16, [.value(1), .value(3), .value(112), .value(112)])
            ]
            half.graph.outputs = [ValueInfo("fc1", .float16, [.value(1), .value(8)])]
        }
        return half
    }

    @Test(arguments: [true, false])
    func aFloat16ExportIsPreparedWithItsWeightsAsTheyAre(keepsEnds: Bool) throws {
        let source = SmallFace().build()
        var rounded = source
        rounded.graph.initializers = try source.graph.initializers.map { tensor in
            Tensor(name: tensor.name, dims: tensor.dims, floats: try tensor.half(name: "").tensor.floats())
        }
        let prepared = try FaceModel.prepare(
            bytes: try exported(source, keepsEnds: keepsEnds).serialized(), preprocessing: nil, target: .portable)
        let expected = try FaceModel.prepare(rounded, preprocessing: nil, target: .portable)
        #expect(prepared.precision == .fp32)
        #expect(prepared.model.graph.nodes.map(\.op) == expected.model.graph.nodes.map(\.op))
        #expect(prepared.model.graph.inputs.map(\.text) == ["'faces' uint8 [N,112,112,3]"])
        let face = Values([1, 112, 112, 3]) { place in Float((place[1] + place[2] * 5 + place[3]) % 256) }
        let first = try #require(try Interpreter.run(prepared.model, ["faces": face])["embedding"])
        let second = try #require(try Interpreter.run(expected.model, ["faces": face])["embedding"])
        #expect(first == second)
        #expect(try prepared.half().kept == [])
    }

    @Test func aFloat32ModelIsLeftAlone() throws {
        var model = SmallFace().build()
        #expect(try GraphPass.halfSources.run(&model) == [])
        var half = try exported(model, keepsEnds: true)
        #expect(try GraphPass.halfSources.run(&half).isEmpty == false)
        #expect(try GraphPass.halfSources.run(&half) == [])
    }
}

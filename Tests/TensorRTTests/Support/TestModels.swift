@testable import ONNXModel

/// Small face networks: `faces` uint8 `[N,112,112,3]` in, `embedding` float `[N,16]` out.
enum TestModels {
    /// A network that every TensorRT builds.
    static func tiny(batch: Dimension.Size = .named("N"), height: Dimension.Size = .value(112)) -> [UInt8] {
        var model = empty(batch: batch, height: height)
        model.graph.initializers = [
            Tensor(name: "scale", dims: [1], floats: [1 / 128]),
            Tensor(name: "weights", dims: [16, 3, 3, 3], floats: (0..<432).map { Float($0 % 17) / 100 - 0.08 }),
        ]
        let stride = Attribute("strides", .ints([8, 8]))
        model.graph.nodes = [
            Node("Cast", ["faces"], ["float"], [Attribute("to", .int(1))]),
            Node("Transpose", ["float"], ["planes"], [Attribute("perm", .ints([0, 3, 1, 2]))]),
            Node("Mul", ["planes", "scale"], ["scaled"]),
            Node("Conv", ["scaled", "weights"], ["maps"], [Attribute("kernel_shape", .ints([3, 3])), stride]),
            Node("Relu", ["maps"], ["active"]),
            Node("GlobalAveragePool", ["active"], ["pooled"]),
            Node("Flatten", ["pooled"], ["embedding"]),
        ]
        return model.serialized()
    }

    /// A network with a node that no TensorRT knows.
    static func broken() -> [UInt8] {
        var model = empty(batch: .named("N"), height: .value(112))
        var node = Node("Broken", ["faces"], ["embedding"])
        node.name = "the_bad_one"
        model.graph.nodes = [node]
        return model.serialized()
    }

    private static func empty(batch: Dimension.Size, height: Dimension.Size) -> Model {
        var model = Model()
        model.irVersion = 8
        model.operatorSets = [Model.OperatorSet(version: 13)]
        model.graph.name = "tiny"
        model.graph.inputs = [ValueInfo("faces", .uint8, [batch, height, .value(112), .value(3)])]
        model.graph.outputs = [ValueInfo("embedding", .float, [batch, .value(16)])]
        return model
    }

    /// What an engine of the doubles computes for one face.
    static func doubleEmbedding(of face: [UInt8]) -> [Float] {
        (0..<16).map { d in
            face.enumerated().reduce(Float(0)) { $0 + Float($1.element) * Float(($1.offset + d) % 7 + 1) }
        }
    }
}

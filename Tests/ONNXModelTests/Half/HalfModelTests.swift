import Testing

@testable import ONNXModel

struct HalfModelTests {
    private static let face = Values([1, 112, 112, 3]) { place in Float((place[1] * 7 + place[2] * 3 + place[3]) % 256)
    }

    private static func embedding(_ model: Model) throws -> Values {
        try #require(try Interpreter.run(model, ["faces": face])["embedding"])
    }

    private static func prepared(_ model: Model) throws -> PreparedModel {
        try FaceModel.prepare(model, preprocessing: nil, target: .portable)
    }

    /// No typed operator has inputs of two formats, and the ends are what the contract says.
    private static func checkTypes(_ model: Model) {
        let types = ValueTypes(model.graph)
        for node in model.graph.nodes {
            guard let rule = TypedOperator.of(node) else { continue }
            let found = Set(rule.slots(of: node).map { types[node.inputs[$0]] })
            #expect(found.count == 1, "\(node.text) takes \(found)")
        }
        #expect(types["faces"] == .uint8)
        #expect(types["embedding"] == .float)
        #expect(model.graph.nodes.first?.op == "Cast")
    }

    private static func single(_ model: Model) -> Set<String> {
        let types = ValueTypes(model.graph)
        return Set(
            model.graph.nodes.filter { TypedOperator.of($0) != nil && types[$0.outputs[0]] == .float }.map(\.name))
    }

    @Test(arguments: PreparationTarget.allCases)
    func weightsAndValuesAreFloat16AndTheEmbeddingIsNot(target: PreparationTarget) throws {
        let source = try FaceModel.prepare(SmallFace().build(), preprocessing: nil, target: target)
        let (half, kept) = try source.half()
        Self.checkTypes(half.model)
        #expect(kept == [])
        #expect(Self.single(half.model).isEmpty)
        #expect(half.precision == .fp16)
        #expect(half.model[metadata: "arcface.precision"] == "fp16")
        #expect(half.model.graph.initializers.filter { $0.type == .float }.map(\.name) == [])
        #expect(half.model.graph.nodes.count { $0.op == "Cast" } == 2)
        #expect(half.model.graph.nodes[0].int("to") == Int64(ElementType.float16.rawValue))
        let expected = try Self.embedding(source.model)
        let size = expected.elements.map(abs).max() ?? 0
        let distance = try Self.embedding(half.model).distance(to: expected)
        #expect(distance > 0, "nothing was rounded")
        #expect(distance < 2e-3 * size)
    }

    @Test func aFloat16ModelStaysAsItIsAndGivesNothingElse() throws {
        let half = try Self.prepared(SmallFace().build()).half().model
        let again = try FaceModel.prepare(bytes: half.serialized(), preprocessing: nil, target: .portable)
        #expect(again.precision == .fp16)
        #expect(try again.converted(to: .fp16).serialized() == half.serialized())
        for precision in [ModelPrecision.fp32, .int8] {
            let error = #expect(throws: ONNXModelError.self) { try again.converted(to: precision) }
            #expect(error?.code == .precisionConflict)
            #expect(error?.description.contains("fp16, of which \(precision.rawValue) can't be made") == true)
        }
    }

    @Test func aPrecisionThatNobodyKnowsIsRefused() throws {
        var model = try Self.prepared(SmallFace().build()).model
        model[metadata: "arcface.precision"] = "fp5"
        let error = #expect(throws: ONNXModelError.self) { try Self.prepared(model) }
        #expect(error?.code == .notFaceModel)
        model[metadata: "arcface.precision"] = nil
        #expect(try Self.prepared(model).precision == .fp32)
    }

    @Test func weightsThatFloat16CannotHoldKeepTheirNodeInFloat32() throws {
        for (factor, isLarge) in [(Float(1e5), true), (1e-7, false)] {
            var source = SmallFace().build()
            let place = try #require(source.graph.initializers.firstIndex { $0.name == "w2" })
            let weights = source.graph.initializers[place]
            source.graph.initializers[place] = Tensor(
                name: "w2", dims: weights.dims, floats: try weights.floats().map { $0 * factor })
            let prepared = try Self.prepared(source)
            let (half, kept) = try prepared.half()
            Self.checkTypes(half.model)
            #expect(kept.map(\.node) == ["Gemm 'fc1'"])
            switch kept.first?.obstacle {
            case .largeConstant(let largest): #expect(isLarge && largest > 65_504 && largest <= 1e5)
            case .smallConstant(let largest, let loss): #expect(!isLarge && largest <= 1e-7 && loss > 0.01)
            case let other: Issue.record("\(String(describing: other))")
            }
            #expect(Self.single(half.model) == ["fc1"])
            #expect(half.model[metadata: PreparedModel.keptKey] == "embedding")
            let expected = try Self.embedding(prepared.model)
            let size = expected.elements.map(abs).max() ?? 0
            #expect(try Self.embedding(half.model).distance(to: expected) < 2e-3 * size)
        }
    }

    @Test func aFewTinyWeightsAmongOthersDoNotMatter() throws {
        var source = SmallFace().build()
        let place = try #require(source.graph.initializers.firstIndex { $0.name == "w2" })
        var weights = try source.graph.initializers[place].floats()
        weights[3] = 1e-12
        source.graph.initializers[place] = Tensor(name: "w2", dims: [8, 16], floats: weights)
        let (half, kept) = try Self.prepared(source).half()
        #expect(kept == [])
        #expect(half.notes.contains { $0.text == "1 weights, tiny beside the others, became 0" })
    }

    @Test func valuesThatLeaveTheRangeOnFacesKeepWhatMakesAndTakesThemInFloat32() throws {
        let prepared = try Self.prepared(SmallFace().build())
        var ranges = ActivationRanges()
        for name in ["c1", "p1", "g1", "f1", "embedding"] { ranges[name] = .init(minimum: -3, maximum: 2) }
        #expect(try prepared.half(ranges: ranges).kept == [])
        ranges["p1"] = .init(minimum: -3, maximum: 40_000)
        let (half, kept) = try prepared.half(ranges: ranges)
        Self.checkTypes(half.model)
        #expect(kept.map(\.node) == ["PRelu 'p1'", "GlobalAveragePool 'g1'"])
        #expect(kept.map(\.obstacle) == [.largeValue(40_000), .largeValue(40_000)])
        #expect(Self.single(half.model) == ["p1", "g1"])

        ranges["p1"] = .init(minimum: -3, maximum: 2)
        ranges["f1"] = .init(minimum: -1e-6, maximum: 1e-6)
        #expect(try prepared.half(ranges: ranges).kept.map(\.node) == ["Flatten 'f1'"])
    }

    @Test func nodesWithoutInputsOrOutputsInAFileThatClaimsToBePreparedDoNoHarm() throws {
        var model = try Self.prepared(SmallFace().build()).model
        let weights = ["w2", "w2", "w2", "w2", "w2"]
        for op in ["Cast", "BatchNormalization", "Conv", "Split", "Pad", "Where", "Relu"] {
            model.graph.nodes.append(Node(op, [], []))
            model.graph.nodes.append(Node(op, weights, []))
            model.graph.nodes.append(Node(op, ["faces", "", ""], ["", ""], [Attribute("to", .int(1))]))
        }
        let half = try Self.prepared(model).half().model
        #expect(half.precision == .fp16)
        #expect(half.model.graph.outputs.map(\.text) == ["'embedding' float32 [N,8]"])
    }

    @Test func aConstantOfNodesInBothFormatsIsThereInBoth() throws {
        var builder = ModelBuilder()
        builder.input("data", [.value(1), .value(3), .value(112), .value(112)])
        builder.weights("w1", [4, 3, 3, 3])
        builder.convolution("data", "w1", "c1", stride: 8)
        builder.constant("two", [], [2])
        builder.node("Mul", ["c1", "two"], ["m1"])
        builder.node("Pow", ["m1", "two"], ["squares"])
        builder.node("GlobalAveragePool", ["squares"], ["g1"])
        builder.node("Flatten", ["g1"], ["fc1"], [Attribute("axis", .int(1))])
        builder.output("fc1", [.value(1), .value(4)])
        let (half, kept) = try Self.prepared(builder.model).half()
        Self.checkTypes(half.model)
        #expect(kept.map(\.node) == ["Pow 'squares'"])
        #expect(kept.map(\.obstacle) == [.needsSingle])
        let constants = half.model.graph.initializers.filter { $0.name.hasPrefix("two") }
        #expect(Set(constants.map(\.type)) == [.float, .float16])
        #expect(try constants.map { try $0.floats() } == [[2], [2]])
    }

    @Test func aModelWithoutAnyWordOnItsOperatorKeepsItInFloat32() throws {
        var source = SmallFace().build()
        let place = try #require(source.graph.nodes.firstIndex { $0.op == "PRelu" })
        source.graph.nodes[place].domain = "com.example"
        let (half, kept) = try Self.prepared(source).half()
        Self.checkTypes(half.model)
        #expect(kept.map(\.obstacle) == [.unknownOperator])
        let types = ValueTypes(half.model.graph)
        let node = try #require(half.model.graph.nodes.first { $0.op == "PRelu" })
        #expect(node.inputs.map { types[$0] } == [.float, .float])
    }
}

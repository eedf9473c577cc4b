import Testing

@testable import ONNXModel

struct FaceModelTests {
    private typealias Shape = [Dimension.Size]

    /// Two different faces, BGR bytes.
    private static let faces = {
        var generator = SeededGenerator(seed: 3)
        return Values([2, 112, 112, 3]) { _ in Float(Int.random(in: 0...255, using: &generator)) }
    }()

    /// What a caller of the source model would feed it.
    private static func sourceInput(_ preprocessing: Preprocessing, nhwc: Bool = false) -> Values {
        Values(nhwc ? [2, 112, 112, 3] : [2, 3, 112, 112]) { place in
            let (row, column, channel) = nhwc ? (place[1], place[2], place[3]) : (place[2], place[3], place[1])
            let source = preprocessing.color == .rgb ? 2 - channel : channel
            return (faces[[place[0], row, column, source]] - preprocessing.mean) / preprocessing.scale
        }
    }

    /// Prepares `source` and checks that faces give what the source gives for `input`.
    @discardableResult
    private static func checkSame(
        _ source: Model, input: Values, preprocessing: Preprocessing? = nil, target: PreparationTarget = .portable
    ) throws -> PreparedModel {
        let prepared = try FaceModel.prepare(
            bytes: source.serialized(), preprocessing: preprocessing, target: target)
        #expect(prepared.model.graph.inputs[0].text == "'faces' uint8 [N,112,112,3]")
        #expect(prepared.model.graph.outputs[0].text == "'embedding' float32 [N,8]")
        #expect(prepared.embeddingWidth == 8)
        #expect(prepared.model.graph.nodes.prefix(3).map(\.op) == ["Cast", "Transpose", "Sub"])
        let name = try #require(source.graph.inputs.first?.name)
        let output = try #require(source.graph.outputs.first?.name)
        let expected = try #require(try Interpreter.run(source, [name: input])[output])
        let actual = try #require(try Interpreter.run(prepared.model, ["faces": faces])["embedding"])
        let flat = Values(dims: [2, 8], elements: expected.elements)
        let size = flat.elements.map(abs).max() ?? 0
        #expect(size > 0)
        #expect(actual.distance(to: flat) <= 2e-5 * size)
        return prepared
    }

    @Test(arguments: Preprocessing.ColorOrder.allCases, [PreparationTarget.portable, .onnxruntimeCPU])
    func aPlainModelGivesTheSameEmbeddingsFromBytes(color: Preprocessing.ColorOrder, target: PreparationTarget) throws {
        let preprocessing = Preprocessing(color: color, mean: 120, scale: 64)
        let prepared = try Self.checkSame(
            SmallFace().build(), input: Self.sourceInput(preprocessing), preprocessing: preprocessing, target: target)
        #expect(prepared.preprocessing == preprocessing)
        #expect(prepared.preprocessingSource == .given)
        #expect(!prepared.model.graph.nodes.contains { $0.op == "Gather" || $0.op == "Mul" })
    }

    @Test func withoutAWordArcFacesPreprocessingIsTaken() throws {
        let prepared = try Self.checkSame(SmallFace().build(), input: Self.sourceInput(Preprocessing()))
        #expect(prepared.preprocessing == Preprocessing(color: .rgb, mean: 127.5, scale: 127.5))
        #expect(prepared.preprocessingSource == .default)
    }

    @Test func whereSeveralConvolutionsTakeTheImageScaleAndOrderAreNodes() throws {
        let prepared = try Self.checkSame(
            SmallFace(twoConvolutions: true).build(), input: Self.sourceInput(Preprocessing()))
        #expect(prepared.model.graph.nodes.prefix(5).map(\.op) == ["Cast", "Transpose", "Sub", "Mul", "Gather"])
    }

    @Test func normalisationInTheGraphIsReplacedByTheHead() throws {
        let source = SmallFace(before: { builder, image in
            builder.constant("mean", [1], [127.5])
            builder.constant("factor", [1], [0.0078125])
            builder.node("Sub", [image, "mean"], ["centred"])
            builder.node("Mul", ["centred", "factor"], ["scaled"])
            return "scaled"
        }).build()
        let raw = Preprocessing(color: .rgb, mean: 0, scale: 1)
        let prepared = try Self.checkSame(source, input: Self.sourceInput(raw))
        #expect(prepared.preprocessing == Preprocessing(color: .rgb, mean: 127.5, scale: 128))
        #expect(prepared.preprocessingSource == .graph)
        #expect(prepared.model.graph.nodes.count { $0.op == "Sub" || $0.op == "Mul" } == 1)

        let blue = Preprocessing(color: .bgr, mean: 127.5, scale: 128)
        let swapped = try Self.checkSame(
            source, input: Self.sourceInput(Preprocessing(color: .bgr, mean: 0, scale: 1)), preprocessing: blue)
        #expect(swapped.preprocessing == blue)
    }

    @Test func aPreprocessingThatContradictsTheGraphIsRefusedNamingBoth() throws {
        let source = SmallFace(before: { builder, image in
            builder.constant("mean", [], [127.5])
            builder.node("Sub", [image, "mean"], ["centred"])
            return "centred"
        }).build()
        let error = #expect(throws: ONNXModelError.self) {
            try FaceModel.prepare(bytes: source.serialized(), preprocessing: Preprocessing(), target: .portable)
        }
        #expect(error?.code == .preprocessingConflict)
        #expect(error?.description.contains("(x - 127.5) / 127.5") == true)
        #expect(error?.description.contains("(x - 127.5) / 1.0") == true)
    }

    @Test func impossiblePreprocessingIsRefused() {
        for scale: Float in [0, .nan, .infinity, .leastNonzeroMagnitude] {
            let error = #expect(throws: ONNXModelError.self) {
                try FaceModel.prepare(
                    bytes: SmallFace().build().serialized(), preprocessing: Preprocessing(scale: scale),
                    target: .portable)
            }
            #expect(error?.code == .preprocessingConflict)
        }
    }

    @Test func imagesWithChannelsLastWork() throws {
        let shape: Shape = [.named("batch"), .value(112), .value(112), .value(3)]
        let turned = SmallFace(
            inputShape: shape,
            before: { builder, image in
                builder.node("Transpose", [image], ["planar"], [Attribute("perm", .ints([0, 3, 1, 2]))])
                return "planar"
            }
        ).build()
        let input = Self.sourceInput(Preprocessing(), nhwc: true)
        let prepared = try Self.checkSame(turned, input: input)
        #expect(prepared.model.graph.nodes.count { $0.op == "Transpose" } == 1)

        let late = SmallFace(
            inputShape: shape,
            before: { builder, image in
                builder.weights("pattern", [112, 112, 3])
                builder.node("Mul", [image, "pattern"], ["patterned"])
                builder.node("Transpose", ["patterned"], ["planar"], [Attribute("perm", .ints([0, 3, 1, 2]))])
                return "planar"
            }
        ).build()
        try Self.checkSame(late, input: input)
    }

    @Test func normalisationForEachChannelStaysInTheGraph() throws {
        let source = SmallFace(before: { builder, image in
            builder.constant("means", [3, 1, 1], [123.7, 116.3, 103.5])
            builder.node("Sub", [image, "means"], ["centred"])
            return "centred"
        }).build()
        let raw = Preprocessing(color: .rgb, mean: 0, scale: 1)
        let prepared = try Self.checkSame(source, input: Self.sourceInput(raw))
        #expect(prepared.preprocessing == raw)
        #expect(prepared.preprocessingSource == .graph)
    }

    @Test func anEmbeddingOfShapeND11IsFlattened() throws {
        let shape: Shape = [.value(1), .value(8), .value(1), .value(1)]
        let prepared = try Self.checkSame(
            SmallFace(outputShape: shape).build(), input: Self.sourceInput(Preprocessing()))
        #expect(prepared.model.graph.nodes.last?.op == "Flatten")
        try Self.checkSame(
            SmallFace(outputShape: shape, outputName: "embedding").build(), input: Self.sourceInput(Preprocessing()))
    }

    @Test func namesThatTheContractNeedsAreFreed() throws {
        try Self.checkSame(
            SmallFace(inputName: "faces", outputName: "faces_float").build(), input: Self.sourceInput(Preprocessing()))
        try Self.checkSame(
            SmallFace(inputName: "embedding", outputName: "out").build(), input: Self.sourceInput(Preprocessing()))
    }

    @Test func aWidthThatIsNotDeclaredIsReadFromTheWeights() throws {
        for shape: Shape? in [nil, [.named("N"), .named("D")]] {
            let prepared = try FaceModel.prepare(
                bytes: SmallFace(outputShape: shape).build().serialized(), preprocessing: nil, target: .portable)
            #expect(prepared.embeddingWidth == 8)
        }
    }

    @Test func ofSeveralOutputsTheEmbeddingIsTaken() throws {
        var model = SmallFace().build()
        model.graph.outputs.insert(ValueInfo("g1", .float, [.value(1), .value(16), .value(2), .value(2)]), at: 0)
        let prepared = try FaceModel.prepare(bytes: model.serialized(), preprocessing: nil, target: .portable)
        #expect(prepared.model.graph.outputs.map(\.name) == ["embedding"])
        #expect(prepared.notes.contains { $0.text.contains("1 other output dropped") })

        model.graph.outputs[0] = ValueInfo("f1", .float, [.value(1), .value(16)])
        let error = #expect(throws: ONNXModelError.self) {
            try FaceModel.prepare(bytes: model.serialized(), preprocessing: nil, target: .portable)
        }
        #expect(error?.code == .notFaceModel)
        #expect(error?.description.contains("'f1'") == true)
    }

    @Test func preparingAPreparedModelChangesNothing() throws {
        for target in PreparationTarget.allCases {
            let once = try FaceModel.prepare(
                bytes: SmallFace().build().serialized(), preprocessing: nil, target: target)
            let again = try FaceModel.prepare(bytes: once.serialized(), preprocessing: nil, target: target)
            #expect(again.serialized() == once.serialized())
            #expect(again.notes.isEmpty)
            #expect(again.preprocessing == once.preprocessing)
            #expect(again.preprocessingSource == once.preprocessingSource)
            #expect(again.embeddingWidth == 8)
        }
    }

    @Test func aPreparedModelTakesItsTargetsPassesAndRefusesAnotherPreprocessing() throws {
        let once = try FaceModel.prepare(
            bytes: SmallFace().build().serialized(), preprocessing: nil, target: .portable)
        let fast = try FaceModel.prepare(bytes: once.serialized(), preprocessing: nil, target: .onnxruntimeCPU)
        #expect(!fast.model.graph.nodes.contains { $0.op == "PRelu" })
        #expect(fast.model[metadata: "arcface.target"] == "onnxruntime-cpu")
        let back = try FaceModel.prepare(bytes: fast.serialized(), preprocessing: nil, target: .reference)
        #expect(back.serialized() == fast.serialized())
        #expect(back.notes.map(\.pass) == ["target"])
        let error = #expect(throws: ONNXModelError.self) {
            try FaceModel.prepare(
                bytes: once.serialized(), preprocessing: Preprocessing(color: .bgr), target: .portable)
        }
        #expect(error?.code == .preprocessingConflict)
    }

    @Test func aModelThatOnlyClaimsToBePreparedIsRefused() throws {
        var model = SmallFace().build()
        model[metadata: "arcface.prepared"] = "1"
        #expect(throws: ONNXModelError.self) {
            try FaceModel.prepare(bytes: model.serialized(), preprocessing: nil, target: .portable)
        }
        PreparedMetadata(preprocessing: Preprocessing(), source: .default, target: .portable).record(in: &model)
        let error = #expect(throws: ONNXModelError.self) {
            try FaceModel.prepare(bytes: model.serialized(), preprocessing: nil, target: .portable)
        }
        #expect(error?.code == .notFaceModel)
    }

    @Test func modelsThatAreNoFaceModelsAreNamedForWhatTheyHave() {
        let cases: [(SmallFace, ONNXModelError.Code, String)] = [
            (SmallFace(inputShape: [.value(1), .value(3), .value(224), .value(224)]), .notFaceModel, "224"),
            (SmallFace(inputShape: [.value(1), .value(1), .value(112), .value(112)]), .notFaceModel, "[N,1,112,112]"),
            (SmallFace(inputShape: [.value(1), .value(512)]), .notFaceModel, "[N,512]"),
            (SmallFace(outputShape: [.value(1), .value(8), .value(7)]), .notFaceModel, "'fc1' float32 [N,8,7]"),
            (SmallFace(opset: 6), .unsupportedOpset, "opset 6"),
        ]
        for (small, code, text) in cases {
            let error = #expect(throws: ONNXModelError.self) {
                try FaceModel.prepare(bytes: small.build().serialized(), preprocessing: nil, target: .portable)
            }
            #expect(error?.code == code)
            #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
        }
    }
}

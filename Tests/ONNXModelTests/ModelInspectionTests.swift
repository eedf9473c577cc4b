import Testing

@testable import ONNXModel

struct ModelInspectionTests {
    @Test func costAndParametersAreCountedByTheirDefinition() throws {
        let inspection = try ModelInspection(SmallFace().build())
        // 16 filters 3×3×3 at 14×14 places, and 16 → 8.
        #expect(inspection.multiplyAdds == 16 * 27 * 14 * 14 + 16 * 8)
        #expect(inspection.parameters == 16 * 27 + 16 + 16 * 8 + 8)
        #expect(inspection.weights == [ModelInspection.Weights(type: .float, tensors: 4, elements: 584, bytes: 2336)])
        #expect(inspection.operators.map(\.name) == ["Conv", "Flatten", "Gemm", "GlobalAveragePool", "PRelu"])
        #expect(inspection.architecture == .unknown)
        #expect(try inspection.face.get().embeddingWidth == 8)
    }

    @Test func eachDefectIsNamedWithWhatIsDone() throws {
        var model = SmallFace(
            before: { builder, image in
                builder.node("Constant", [], ["ratio"], [Attribute("value_float", .float(0.5))])
                builder.node("Dropout", [image, "ratio"], ["dropped"])
                return "dropped"
            }, slopeDims: [16]
        ).build()
        model.graph.inputs.append(ValueInfo("w1", .float, [.value(16), .value(3), .value(3), .value(3)]))
        model.graph.inputs.append(ValueInfo("nobody", .float, [.value(1)]))
        let inspection = try ModelInspection(model)
        #expect(
            inspection.defects.map(\.name) == [
                "listed initialisers", "constant nodes", "remove identities", "unused inputs", "dynamic batch",
                "PReLU slopes",
            ])
        #expect(inspection.defects.allSatisfy { $0.isMended && !$0.reason.isEmpty && !$0.actions.isEmpty })
        #expect(inspection.inputs.map(\.name) == ["data", "nobody"])
    }

    @Test func aModelWithoutDefectsHasNone() throws {
        let model = SmallFace(
            inputShape: [.named("N"), .value(3), .value(112), .value(112)], outputShape: [.named("N"), .value(8)]
        ).build()
        #expect(try ModelInspection(model).defects.isEmpty)
    }

    @Test func whatNobodyCanMendIsSaid() throws {
        var model = SmallFace(
            opset: 17,
            before: { builder, image in
                builder.normalization(image, "n", dims: [3], [Attribute("training_mode", .int(1))])
                return "n"
            }
        ).build()
        model.graph.nodes.append(Node("Relu", ["f1"], ["unused"]))
        model.graph.nodes[model.graph.nodes.count - 1].domain = "com.example"
        let stay = try ModelInspection(model).defects.filter { !$0.isMended }
        #expect(stay.map(\.name) == ["training mode", "foreign operators"])
        #expect(stay[1].reason.contains("com.example.Relu"))
    }

    @Test func aPreparedFileIsRecognisedAndHasNothingLeft() throws {
        let prepared = try FaceModel.prepare(SmallFace().build(), preprocessing: nil, target: .onnxruntimeCPU)
        let inspection = try ModelInspection(prepared.model)
        #expect(inspection.isPrepared)
        #expect(inspection.defects.isEmpty)
        #expect(try inspection.face.get().preprocessing == Preprocessing())
    }

    @Test func otherModelsAreLookedIntoAsWell() throws {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(4)])
        builder.node("Relu", ["x"], ["y"])
        builder.output("y", nil)
        let inspection = try ModelInspection(builder.model)
        #expect(throws: ONNXModelError.self) { try inspection.face.get() }
        #expect(inspection.multiplyAdds == 0)
    }

    @Test(arguments: [
        ([2, 2, 2, 2], "IResNet-18"), ([3, 4, 6, 3], "IResNet-34"), ([3, 4, 14, 3], "IResNet-50"),
        ([3, 13, 30, 3], "IResNet-100"), ([6, 26, 60, 6], "IResNet-200"), ([3, 4, 23, 3], "unknown"),
    ])
    func residualNetworksAreToldByTheirBlocks(blocks: [Int], name: String) throws {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(3), .value(112), .value(112)])
        func layer(_ builder: inout ModelBuilder, _ input: String, _ output: String, _ dims: [Int]) {
            // Weights of no storage: only the shape counts.
            builder.model.graph.initializers.append(
                Tensor(name: "\(output)_w", type: .float, dims: dims, storage: .none))
            builder.node("Conv", [input, "\(output)_w"], [output], [Attribute("pads", .ints([1, 1, 1, 1]))])
        }
        layer(&builder, "x", "0", [64, 3, 3, 3])
        var (value, width) = (0, 64)
        for (stage, count) in blocks.enumerated() {
            for _ in 0..<count {
                for _ in 0..<2 {
                    layer(&builder, "\(value)", "\(value + 1)", [64 << stage, width, 3, 3])
                    (value, width) = (value + 1, 64 << stage)
                }
            }
        }
        #expect("\(Architecture(builder.model.graph))" == name)
    }

    @Test(.enabled(if: TestFiles.exists(TestFiles.sface), "SFace is not installed"))
    func sfaceIsRecognised() throws {
        let inspection = try ModelInspection(path: TestFiles.sface)
        #expect(inspection.architecture == .sface)
        #expect(try inspection.face.get().preprocessing == Preprocessing(color: .rgb, mean: 127.5, scale: 128))
        #expect(inspection.weights.map(\.type) == [.int8, .float, .int64])
        #expect(inspection.defects.allSatisfy { $0.isMended })
    }

    @Test(.enabled(if: TestFiles.exists(TestFiles.mobileFaceNet), "w600k_mbf.onnx is not there"))
    func mobileFaceNetIsRecognisedHoweverItIsWritten() throws {
        let inspection = try ModelInspection(path: TestFiles.mobileFaceNet)
        #expect(inspection.architecture == .mobileFaceNet)
        for target in PreparationTarget.allCases {
            let prepared = try FaceModel.prepare(path: TestFiles.mobileFaceNet, preprocessing: nil, target: target)
            #expect(try ModelInspection(prepared.model).architecture == .mobileFaceNet)
        }
    }
}

import Testing

@testable import ONNXModel

struct NormalizationTests {
    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Operator, constant, and whether the image comes first.
        let steps: [(op: String, value: Float, imageFirst: Bool)]
        let mean: Float
        let scale: Float
    }

    static let forms: [Form] = [
        Form(
            testDescription: "Sub, Mul", steps: [("Sub", 127.5, true), ("Mul", 0.0078125, true)], mean: 127.5,
            scale: 128),
        Form(
            testDescription: "Sub, Div", steps: [("Sub", 127.5, true), ("Div", 127.5, true)], mean: 127.5, scale: 127.5),
        Form(
            testDescription: "Mul, Add", steps: [("Mul", 1 / 127.5, false), ("Add", -1, false)], mean: 127.5,
            scale: 127.5),
        Form(
            testDescription: "Div, Sub, Div", steps: [("Div", 255, true), ("Sub", 0.5, true), ("Div", 0.5, true)],
            mean: 127.5, scale: 127.5),
        Form(testDescription: "Div", steps: [("Div", 255, true)], mean: 0, scale: 255),
        Form(testDescription: "Mul by 1/255", steps: [("Mul", 1 / 255, true)], mean: 0, scale: 255),
        Form(testDescription: "Add", steps: [("Add", -104, true)], mean: 104, scale: 1),
    ]

    private static func normalization(_ form: Form, constantDims: [Int]) throws -> Normalization {
        var model = SmallFace(before: { builder, image in
            var value = image
            for (number, step) in form.steps.enumerated() {
                builder.node(
                    "Constant", [], ["k\(number)"],
                    [
                        Attribute(
                            "value",
                            .tensor(
                                Tensor(
                                    name: "", dims: constantDims,
                                    floats: Array(repeating: step.value, count: constantDims.reduce(1, *)))))
                    ])
                let inputs = step.imageFirst ? [value, "k\(number)"] : ["k\(number)", value]
                builder.node(step.op, inputs, ["n\(number)"])
                value = "n\(number)"
            }
            return value
        }).build()
        _ = try GraphPass.repairs.run(&model)
        let image = try FaceModel.imageInput(model.graph)
        return Normalization(model.graph, GraphIndex(model.graph), input: image)
    }

    @Test(arguments: forms)
    func everyWayOfWritingItIsRecognised(form: Form) throws {
        for dims in [[], [1], [1, 1, 1, 1], [3, 1, 1], [1, 3, 1, 1]] {
            let found = try Self.normalization(form, constantDims: dims)
            #expect(found.isPresent)
            #expect(found.mean == form.mean)
            #expect(found.scale == form.scale)
            #expect(found.nodes.count == form.steps.count)
        }
    }

    @Test func arithmeticThatIsNoNormalisationIsLeftAlone() throws {
        let reversed = Form(
            testDescription: "", steps: [("Sub", 255, false), ("Mul", 2, true)], mean: 0, scale: 1)
        #expect(try !Self.normalization(reversed, constantDims: []).isPresent)
        let wide = Form(testDescription: "", steps: [("Mul", 2, true)], mean: 0, scale: 1)
        #expect(try !Self.normalization(wide, constantDims: [1, 112]).isPresent)
        let flattening = Form(testDescription: "", steps: [("Mul", 0, true)], mean: 0, scale: 1)
        #expect(try !Self.normalization(flattening, constantDims: []).isPresent)
    }
}

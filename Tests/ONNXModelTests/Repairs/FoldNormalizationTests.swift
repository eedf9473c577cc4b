import Testing

@testable import ONNXModel

struct FoldNormalizationTests {
    private static let image = [2, 4, 6, 6]

    /// Folds what `build` makes of `x`, and checks that `y` stays what it was and that a second run finds nothing.
    private static func folded(
        _ dims: [Int] = image, _ build: (inout ModelBuilder) -> Void
    ) throws -> [String] {
        var builder = ModelBuilder()
        builder.input("x", [.named("N")] + dims.dropFirst().map { .value(Int64($0)) })
        build(&builder)
        builder.output("y", nil)
        var model = builder.model
        let before = try Outputs.of(model, dims)
        _ = try GraphPass.foldBatchNormalization.run(&model)
        try model.graph.validate()
        #expect(try Outputs.of(model, dims).distance(to: before) < 2e-5)
        let bytes = model.serialized()
        #expect(try GraphPass.foldBatchNormalization.run(&model).isEmpty)
        #expect(model.serialized() == bytes)
        return model.graph.nodes.map(\.op)
    }

    @Test(arguments: [Int64(0), 1])
    func aNormalisationBehindAConvolutionGoesWhateverThePadding(padding: Int64) throws {
        let operators = try Self.folded {
            $0.convolution("x", "c", dims: [8, 4, 3, 3], padding: padding)
            $0.normalization("c", "y", dims: [8])
        }
        #expect(operators == ["Conv"])
    }

    @Test func groupsHaveTheirOwnFactors() throws {
        let operators = try Self.folded {
            $0.convolution("x", "c", dims: [8, 1, 3, 3], padding: 1, group: 4)
            $0.normalization("c", "y", dims: [8])
        }
        #expect(operators == ["Conv"])
    }

    @Test func aNormalisationInFrontStaysWhereThePaddingWouldChangeTheBorder() throws {
        let operators = try Self.folded {
            $0.normalization("x", "n", dims: [4])
            $0.convolution("n", "y", dims: [8, 4, 3, 3], padding: 1)
        }
        #expect(operators == ["BatchNormalization", "Conv"])
    }

    @Test func automaticPaddingIsPaddingToo() throws {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(4), .value(6), .value(6)])
        builder.normalization("x", "n", dims: [4])
        builder.weights("w", [8, 4, 3, 3])
        builder.node("Conv", ["n", "w"], ["y"], [Attribute("auto_pad", .string(Array("SAME_UPPER".utf8)))])
        builder.output("y", nil)
        var model = builder.model
        #expect(try GraphPass.foldBatchNormalization.run(&model).isEmpty)
    }

    @Test func aNormalisationInFrontGoesWithoutPadding() throws {
        let operators = try Self.folded {
            $0.normalization("x", "n", dims: [4])
            $0.convolution("n", "y", dims: [8, 4, 3, 3], padding: 0)
        }
        #expect(operators == ["Conv"])
    }

    @Test func aNormalisationThatOthersNeedStays() throws {
        let operators = try Self.folded {
            $0.normalization("x", "n", dims: [4])
            $0.convolution("n", "c", dims: [4, 4, 1, 1], padding: 0)
            $0.node("Add", ["c", "n"], ["y"])
        }
        #expect(operators == ["BatchNormalization", "Conv", "Add"])
    }

    @Test(arguments: [Int64(0), 1])
    func theLastLayersBecomeOne(transposed: Int64) throws {
        let operators = try Self.folded {
            $0.normalization("x", "n", dims: [4])
            $0.node("Flatten", ["n"], ["f"])
            $0.weights("w", transposed == 1 ? [5, 144] : [144, 5], in: -0.1...0.1)
            $0.weights("b", [5])
            $0.node("Gemm", ["f", "w", "b"], ["g"], [Attribute("transB", .int(transposed))])
            $0.normalization("g", "y", dims: [5])
        }
        #expect(operators == ["Flatten", "Gemm"])
    }

    @Test func scalesAndShiftsOfChannelsGoAsNormalisationsDo() throws {
        let operators = try Self.folded {
            $0.convolution("x", "c", dims: [8, 4, 3, 3], padding: 1)
            $0.weights("scale", [8, 1, 1])
            $0.weights("shift", [1, 8, 1, 1])
            $0.weights("divisor", [1], in: 1...2)
            $0.node("Mul", ["scale", "c"], ["a"])
            $0.node("Sub", ["a", "shift"], ["b"])
            $0.node("Div", ["b", "divisor"], ["y"])
        }
        #expect(operators == ["Conv"])
    }

    @Test func whatDiffersFromPlaceToPlaceStays() throws {
        let operators = try Self.folded {
            $0.convolution("x", "c", dims: [6, 4, 1, 1], padding: 0)
            $0.weights("columns", [6])
            $0.node("Mul", ["c", "columns"], ["y"])
        }
        #expect(operators == ["Conv", "Mul"])
    }

    @Test func aConstantMinusTheImageStays() throws {
        let operators = try Self.folded {
            $0.convolution("x", "c", dims: [6, 4, 1, 1], padding: 0)
            $0.constant("one", [], [1])
            $0.node("Sub", ["one", "c"], ["d"])
            $0.node("Relu", ["d"], ["y"])
        }
        #expect(operators == ["Conv", "Sub", "Relu"])
    }

    @Test func whatDependsOnTheBatchStays() throws {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(4), .value(6), .value(6)])
        builder.convolution("x", "c", dims: [4, 4, 1, 1], padding: 0)
        builder.normalization("c", "y", dims: [4], [Attribute("training_mode", .int(1))])
        builder.output("y", nil)
        var model = builder.model
        #expect(try GraphPass.foldBatchNormalization.run(&model).isEmpty)
    }

    @Test func aDamagedNormalisationSpoilsNoWeights() throws {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(4), .value(6), .value(6)])
        builder.convolution("x", "c", dims: [4, 4, 1, 1], padding: 0)
        builder.normalization("c", "y", dims: [4])
        builder.output("y", nil)
        var model = builder.model
        model.graph.initializers.removeAll { $0.name == "y_variance" }
        model.graph.initializers.append(Tensor(name: "y_variance", dims: [4], floats: [1, -1, .nan, 1]))
        #expect(try GraphPass.foldBatchNormalization.run(&model).isEmpty)
    }
}

import Testing

@testable import ONNXModel

struct ResizeShapeTests {
    private func shape(
        _ inputs: [String], _ attributes: [Attribute] = [], op: String = "Resize",
        constants: (inout ModelBuilder) -> Void
    ) -> [Extent]? {
        var builder = ModelBuilder()
        builder.input("x", [.named("N"), .value(4), .value(7), .value(10)])
        constants(&builder)
        builder.node(op, inputs, ["y"], attributes)
        return ShapeInference(builder.model.graph).shapes["y"]
    }

    @Test(arguments: [("Resize", ["x", "", "s"]), ("Resize", ["x", "s"]), ("Upsample", ["x", "s"])])
    func factorsAreRoundedDown(op: String, inputs: [String]) {
        let found = shape(inputs, op: op) { $0.constant("s", [4], [1, 1, 1.5, 2]) }
        #expect(found == [.batch, .fixed(4), .fixed(10), .fixed(20)])
    }

    @Test func sizesStandForThemselves() {
        let found = shape(["x", "", "", "n"]) { $0.integers("n", [4], [1, 4, 30, 40]) }
        #expect(found == [.fixed(1), .fixed(4), .fixed(30), .fixed(40)])
    }

    @Test func axesSayWhichSizesAreMeant() {
        let axes = Attribute("axes", .ints([-1, 2]))
        let scaled = shape(["x", "", "s"], [axes]) { $0.constant("s", [2], [3, 2]) }
        #expect(scaled == [.batch, .fixed(4), .fixed(14), .fixed(30)])
        let sized = shape(["x", "", "", "n"], [axes]) { $0.integers("n", [2], [5, 6]) }
        #expect(sized == [.batch, .fixed(4), .fixed(6), .fixed(5)])
    }

    @Test func whatDependsOnProportionsOrOnOtherThingsIsNotKnown() {
        let policy = Attribute("keep_aspect_ratio_policy", .string(Array("not_larger".utf8)))
        #expect(shape(["x", "", "", "n"], [policy]) { $0.integers("n", [4], [1, 4, 30, 40]) } == nil)
        #expect(shape(["x", "", "s"]) { $0.input("s", [.value(4)]) } == nil)
        #expect(shape(["x", "", "s"]) { $0.constant("s", [3], [1, 2, 2]) } == nil)
        #expect(shape(["x", "", "s"], [Attribute("axes", .ints([4]))]) { $0.constant("s", [1], [2]) } == nil)
    }

    @Test(arguments: [Float.nan, -1, 0, .infinity, 1e30])
    func absurdFactorsGiveUnknownSizes(factor: Float) {
        let found = shape(["x", "", "s"]) { $0.constant("s", [4], [1, 1, factor, 1]) }
        #expect(found == [.batch, .fixed(4), .unknown, .fixed(10)])
    }

    @Test func theCostOfWhatFollowsIsCounted() throws {
        var builder = ModelBuilder()
        builder.input("x", [.value(1), .value(3), .value(8), .value(8)])
        builder.constant("s", [4], [1, 1, 2, 2])
        builder.weights("w", [5, 3, 3, 3])
        builder.node("Resize", ["x", "", "s"], ["r"])
        builder.convolution("r", "w", "y", stride: 1)
        builder.output("y", nil)
        let inspection = try ModelInspection(builder.model)
        #expect(inspection.multiplyAdds == 16 * 16 * 5 * 27)
        #expect(inspection.costObstacle == nil)
    }

    @Test func whatHidesTheCostIsNamed() throws {
        var builder = ModelBuilder()
        builder.input("x", [.value(1), .value(3), .value(8), .value(8)])
        builder.weights("w", [5, 3, 3, 3])
        builder.node("NonZero", ["x"], ["n"])
        builder.node("Relu", ["n"], ["r"])
        builder.convolution("r", "w", "y", stride: 1)
        builder.output("y", nil)
        let inside = try ModelInspection(builder.model)
        #expect(inside.multiplyAdds == nil)
        #expect(inside.costObstacle == "the size of what NonZero 'n' gives isn't known")

        var open = ModelBuilder()
        open.input("x", [.value(1), .value(3), .named("H"), .named("W")])
        open.weights("w", [5, 3, 3, 3])
        open.convolution("x", "w", "y", stride: 1)
        open.output("y", nil)
        #expect(try ModelInspection(open.model).costObstacle == "the input 'x' float32 [N,3,H,W] has no fixed size")
    }
}

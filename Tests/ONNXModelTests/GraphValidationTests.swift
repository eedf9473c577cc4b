import Testing

@testable import ONNXModel

struct GraphValidationTests {
    private static func chain() -> ModelBuilder {
        var builder = ModelBuilder()
        builder.input("x", [.value(1)])
        builder.constant("one", [], [1])
        builder.node("Add", ["x", "one"], ["a"])
        builder.node("Add", ["a", "one"], ["b"])
        builder.node("Add", ["b", "one"], ["y"])
        builder.output("y", [.value(1)])
        return builder
    }

    private static func error(_ change: (inout Graph) -> Void) -> ONNXModelError? {
        var graph = chain().model.graph
        change(&graph)
        return #expect(throws: ONNXModelError.self) { try graph.validate() }
    }

    @Test func nodesOutOfOrderAreSorted() throws {
        var graph = Self.chain().model.graph
        graph.nodes.reverse()
        try graph.validate()
        #expect(graph.nodes.map(\.outputs) == [["a"], ["b"], ["y"]])
    }

    @Test func anOrderThatIsRightStays() throws {
        var builder = Self.chain()
        builder.node("Relu", ["x"], ["late"])
        var graph = builder.model.graph
        try graph.validate()
        #expect(graph.nodes.map(\.outputs) == [["a"], ["b"], ["y"], ["late"]])
    }

    @Test func aCycleIsRefused() {
        #expect(Self.error { $0.nodes[0].inputs[0] = "b" }?.code == .cyclicGraph)
        #expect(Self.error { $0.nodes[0].inputs[0] = "a" }?.code == .cyclicGraph)
    }

    @Test func valuesFromNowhereAreRefused() {
        let missing = Self.error { $0.initializers = [] }
        #expect(missing?.code == .missingValue)
        #expect(missing?.description.contains("'one'") == true)
        #expect(Self.error { $0.outputs[0].name = "z" }?.code == .missingValue)
    }

    @Test func valuesGivenTwiceAreRefused() {
        #expect(Self.error { $0.nodes[1].outputs = ["a"] }?.code == .duplicateValue)
        #expect(Self.error { $0.nodes[1].outputs = ["one"] }?.code == .duplicateValue)
        #expect(Self.error { $0.initializers.append($0.initializers[0]) }?.code == .duplicateValue)
        #expect(Self.error { $0.inputs.append($0.inputs[0]) }?.code == .duplicateValue)
    }

    @Test func constantsThatDoNotFitTheirShapeAreRefused() {
        #expect(
            Self.error { $0.initializers[0] = $0.initializers[0].reshaped([2], name: "one") }?.code == .invalidTensor)
    }

    @Test func weightsInAnotherFileAreRefusedByName() {
        let tensor = Tensor(
            name: "one", type: .float, dims: [], storage: .external(ExternalElements(location: "weights.bin")))
        let error = Self.error { $0.initializers = [tensor] }
        #expect(error?.code == .externalData)
        #expect(error?.description.contains("weights.bin") == true)
    }

    @Test func valuesUsedInsideANodesOwnGraphCount() throws {
        var inner = Graph()
        inner.nodes = [Node("Add", ["a", "one"], ["inside"])]
        inner.outputs = [ValueInfo("inside", .float, nil)]
        var builder = Self.chain()
        builder.node("If", ["y"], ["z"], [Attribute("then_branch", .graph(inner))])
        builder.model.graph.outputs = [ValueInfo("z", .float, nil)]
        var model = try Model.read(bytes: builder.model.serialized())
        try model.graph.validate()
        #expect(try GraphPass.deadNodes.run(&model).isEmpty)
        model.graph.rename("a", to: "renamed")
        #expect(model.graph.nodes.last?.uses.contains("renamed") == true)
        model.graph.nodes.removeFirst()
        #expect(throws: ONNXModelError.self) { try model.graph.validate() }
    }
}

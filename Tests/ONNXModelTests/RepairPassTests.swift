import Testing

@testable import ONNXModel

struct RepairPassTests {
    @Test func constantsAreNoInputs() throws {
        var builder = ModelBuilder(irVersion: 3)
        builder.input("x", [.value(1)])
        builder.input("one", [])
        builder.constant("one", [], [1])
        builder.node("Add", ["x", "one"], ["y"])
        builder.output("y", nil)
        var model = builder.model
        #expect(try GraphPass.listedInitializers.run(&model).count == 1)
        #expect(model.graph.inputs.map(\.name) == ["x"])
        #expect(model.irVersion == 4)
        #expect(try GraphPass.listedInitializers.run(&model).isEmpty)
    }

    @Test func constantNodesBecomeInitialisers() throws {
        var builder = ModelBuilder()
        builder.node("Constant", [], ["a"], [Attribute("value_float", .float(2))])
        builder.node("Constant", [], ["b"], [Attribute("value", .tensor(Tensor(name: "", dims: [1], floats: [3])))])
        builder.node("Constant", [], ["c"], [Attribute("value_ints", .ints([4, 5]))])
        builder.node("Constant", [], ["d"], [Attribute("value_string", .string([65]))])
        builder.node("Sum", ["a", "b", "c", "d"], ["y"])
        builder.output("y", nil)
        var model = builder.model
        _ = try GraphPass.constantNodes.run(&model)
        #expect(model.graph.nodes.map(\.op) == ["Constant", "Sum"])
        #expect(model.graph.initializers.map(\.name) == ["a", "b", "c"])
        #expect(try model.graph.initializers[1].floats() == [3])
        #expect(try model.graph.initializers[2].int64s() == [4, 5])
    }

    @Test func shapesOfConstantsAreFoldedWithoutCopying() throws {
        var builder = ModelBuilder(opset: 13)
        builder.weights("w", [2, 6])
        builder.integers("target", [3], [0, -1, 3])
        builder.integers("axes", [1], [0])
        builder.node("Reshape", ["w", "target"], ["r"])
        builder.node("Unsqueeze", ["r", "axes"], ["u"])
        builder.node("Identity", ["u"], ["i"])
        builder.node("Flatten", ["i"], ["f"], [Attribute("axis", .int(2))])
        builder.node("Sum", ["f", "i"], ["y"])
        builder.output("y", nil)
        var model = builder.model
        _ = try GraphPass.foldConstants.run(&model)
        #expect(model.graph.nodes.map(\.op) == ["Sum"])
        let shapes = Dictionary(uniqueKeysWithValues: model.graph.initializers.map { ($0.name, $0.dims) })
        #expect(shapes["r"] == [2, 2, 3])
        #expect(shapes["u"] == [1, 2, 2, 3])
        #expect(shapes["f"] == [2, 6])
        #expect(try model.graph.initializers.last?.floats() == model.graph.initializers[0].floats())
    }

    @Test func impossibleShapesAreLeftAlone() throws {
        for target: [Int64] in [[5, -1], [-1, -1], [4, 4], [-7, 1], [0, 0, 0]] {
            var builder = ModelBuilder()
            builder.weights("w", [2, 6])
            builder.integers("target", [target.count], target)
            builder.node("Reshape", ["w", "target"], ["r"])
            builder.node("Relu", ["r"], ["y"])
            builder.output("y", nil)
            var model = builder.model
            #expect(try GraphPass.foldConstants.run(&model).isEmpty)
        }
    }

    @Test func dropoutAndIdentityGo() throws {
        var builder = ModelBuilder()
        builder.input("x", [.value(1)])
        builder.node("Relu", ["x"], ["a"])
        builder.node("Dropout", ["a"], ["b", "mask"])
        builder.node("Identity", ["b"], ["c"])
        builder.node("Relu", ["c"], ["d"])
        builder.node("Identity", ["d"], ["e"])
        builder.node("Dropout", ["e"], ["y"])
        builder.output("y", [.value(1)])
        var model = builder.model
        #expect(try GraphPass.removeIdentities.run(&model) == [PassNote("remove identities", "4 nodes removed")])
        #expect(model.graph.nodes.map(\.op) == ["Relu", "Relu"])
        try model.graph.validate()
        #expect(model.graph.outputs.map(\.name) == ["y"])
    }

    @Test func aDropoutWhoseMaskIsUsedStays() throws {
        var builder = ModelBuilder()
        builder.input("x", [.value(1)])
        builder.node("Dropout", ["x"], ["a", "mask"])
        builder.node("Where", ["mask", "a", "x"], ["y"])
        builder.output("y", nil)
        var model = builder.model
        #expect(try GraphPass.removeIdentities.run(&model).isEmpty)
    }

    @Test func aDropoutThatMayDropStays() throws {
        for training: Int64 in [0, 1] {
            var builder = ModelBuilder()
            builder.input("x", [.value(1)])
            builder.constant("ratio", [], [0.5])
            builder.integers("training", [], [training])
            builder.node("Dropout", ["x", "ratio", "training"], ["a"])
            builder.node("Relu", ["a"], ["y"])
            builder.output("y", nil)
            var model = builder.model
            _ = try GraphPass.removeIdentities.run(&model)
            #expect(model.graph.nodes.count == (training == 0 ? 1 : 2))
        }
    }

    @Test func whatNothingNeedsGoes() throws {
        var builder = ModelBuilder()
        builder.input("x", [.value(1)])
        builder.input("dead_weight", [.value(9)])
        builder.constant("unused", [], [1])
        builder.constant("dead_constant", [], [1])
        builder.node("Relu", ["x"], ["y"])
        builder.node("Add", ["x", "dead_constant"], ["dead"])
        builder.node("Relu", ["dead"], ["deader"])
        builder.output("y", nil)
        var model = builder.model
        model.graph.valueInfos = [ValueInfo("dead", .float, [.value(1)])]
        _ = try GraphPass.repairs.run(&model)
        #expect(model.graph.nodes.map(\.outputs) == [["y"]])
        #expect(model.graph.inputs.map(\.name) == ["x"])
        #expect(model.graph.initializers.isEmpty)
        #expect(model.graph.valueInfos.isEmpty)
    }

    @Test func aFixedBatchBecomesAnyInsideReshapeToo() throws {
        var builder = ModelBuilder()
        builder.input("x", [.value(1), .value(4), .value(2)])
        builder.integers("shared", [2], [1, -1])
        builder.integers("free", [2], [-1, 8])
        builder.node("Reshape", ["x", "shared"], ["a"])
        builder.node("Reshape", ["x", "shared"], ["b"])
        builder.node("Reshape", ["x", "free"], ["c"])
        builder.node("Sum", ["a", "b", "c"], ["y"])
        builder.output("y", [.value(1), .value(8)])
        var model = builder.model
        _ = try [GraphPass.dynamicBatch, .unusedInitializers].run(&model)
        #expect(model.graph.inputs[0].tensor?.text == "float32 [N,4,2]")
        #expect(model.graph.outputs[0].tensor?.text == "float32 [N,8]")
        let index = GraphIndex(model.graph)
        #expect(
            try model.graph.nodes.prefix(3).map { try model.graph.constant($0, 1, index)?.int64s() }
                == [[0, -1], [0, -1], [-1, 8]])
        #expect(model.graph.initializers.count == 2)
    }

    @Test func slopesForChannelsGetTheShapeOfChannels() throws {
        var model = SmallFace(slopeDims: [16]).build()
        _ = try GraphPass.preluSlopes.run(&model)
        let prelu = try #require(model.graph.nodes.first { $0.op == "PRelu" })
        #expect(model.graph.constant(prelu, 1, GraphIndex(model.graph))?.dims == [16, 1, 1])
        #expect(try GraphPass.preluSlopes.run(&model).isEmpty)
    }

    @Test func slopesOfUnknownMeaningStay() throws {
        var builder = ModelBuilder()
        builder.input("x", [.value(1), .value(4)])
        builder.weights("slope", [4])
        builder.node("PRelu", ["x", "slope"], ["y"])
        builder.output("y", nil)
        var model = builder.model
        #expect(try GraphPass.preluSlopes.run(&model).isEmpty)
    }

    @Test func repairsRunTwiceChangeNothingTheSecondTime() throws {
        var model = SmallFace(
            before: { builder, image in
                builder.node("Constant", [], ["drop"], [Attribute("value_float", .float(0.5))])
                builder.node("Dropout", [image, "drop"], ["dropped"])
                return "dropped"
            }, slopeDims: [16]
        ).build()
        model.graph.inputs.append(ValueInfo("w1", .float, [.value(16)]))
        try model.graph.validate()
        #expect(try GraphPass.repairs.run(&model).count >= 5)
        let bytes = model.serialized()
        #expect(try GraphPass.repairs.run(&model).isEmpty)
        #expect(model.serialized() == bytes)
    }
}

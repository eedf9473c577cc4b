import Foundation
import Testing

@testable import ONNXModel

struct WireFormatTests {
    private typealias Bytes = ProtobufBytes

    private static func tensorModel(_ tensor: [UInt8]) -> [UInt8] {
        Bytes.model(graph: Bytes.bytes(5, Bytes.text(8, "t") + tensor))
    }

    private static func firstTensor(_ bytes: [UInt8]) throws -> Tensor {
        try #require(try Model.read(bytes: bytes).graph.initializers.first)
    }

    @Test func writingAndReadingAgainGivesTheSameBytes() throws {
        let once = SmallFace().build().serialized()
        #expect(try Model.read(bytes: once).serialized() == once)
    }

    @Test func fieldsThatNobodyKnowsSurviveAtEveryLevel() throws {
        func mark(_ text: String) -> [UInt8] { Bytes.text(777, text) }
        let attribute = Bytes.text(1, "axis") + Bytes.number(3, 1) + Bytes.number(20, 2) + mark("in attribute")
        let node = Bytes.text(1, "x") + Bytes.text(2, "y") + Bytes.text(4, "Flatten") + Bytes.bytes(5, attribute)
        let dim = Bytes.number(1, 4) + mark("in dimension")
        let type = Bytes.bytes(1, Bytes.number(1, 1) + Bytes.bytes(2, Bytes.bytes(1, dim) + mark("in shape")))
        let value = Bytes.text(1, "x") + Bytes.bytes(2, type + mark("in type")) + mark("in value")
        let tensor = Bytes.number(1, 0) + Bytes.number(2, 1) + Bytes.text(8, "t") + mark("in tensor")
        let graph =
            Bytes.bytes(1, node + mark("in node")) + Bytes.bytes(5, tensor) + Bytes.bytes(11, value) + mark("in graph")
        let source = Bytes.model(graph: graph) + mark("in model") + Bytes.number(778, 99)

        let written = try Model.read(bytes: source).serialized()
        let text = String(decoding: written, as: UTF8.self)
        for place in ["attribute", "dimension", "shape", "type", "value", "tensor", "node", "graph", "model"] {
            #expect(text.contains("in \(place)"), "lost in \(place)")
        }
        #expect(Array(written.suffix(Bytes.number(778, 99).count)) == Bytes.number(778, 99))
        #expect(try Model.read(bytes: written).serialized() == written)
    }

    @Test func numbersAreReadPackedAndUnpacked() throws {
        let floats: [Float] = [1.5, -2, 0.25]
        let packed = Bytes.bytes(1, [3]) + Bytes.number(2, 1) + Bytes.bytes(4, floats.flatMap(Bytes.little))
        let unpacked = Bytes.number(1, 3) + Bytes.number(2, 1) + floats.flatMap { Bytes.float(4, $0) }
        #expect(try Self.firstTensor(Self.tensorModel(packed)).floats() == floats)
        #expect(try Self.firstTensor(Self.tensorModel(unpacked)).floats() == floats)

        let integers: [Int64] = [-3, 0, 300]
        let codes = integers.map { UInt64(bitPattern: $0) }
        let wide = Bytes.number(1, 3) + Bytes.number(2, 7) + Bytes.bytes(7, codes.flatMap(Bytes.varint))
        let narrow = Bytes.number(1, 3) + Bytes.number(2, 3) + codes.flatMap { Bytes.number(5, $0) }
        #expect(try Self.firstTensor(Self.tensorModel(wide)).int64s() == integers)
        #expect(try Self.firstTensor(Self.tensorModel(narrow)).int64s() == integers)
    }

    @Test func halvesBrainFloatsAndNibblesAreDecoded() throws {
        let half = Bytes.number(1, 4) + Bytes.number(2, 10) + Bytes.bytes(9, [0, 0x3c, 0, 0xc0, 1, 0, 0, 0x7c])
        #expect(try Self.firstTensor(Self.tensorModel(half)).floats() == [1, -2, 0x1p-24, .infinity])
        let brain = Bytes.number(1, 1) + Bytes.number(2, 16) + Bytes.bytes(9, [0x80, 0xbf])
        #expect(try Self.firstTensor(Self.tensorModel(brain)).floats() == [-1])
        let nibbles = Bytes.number(1, 3) + Bytes.number(2, 22) + Bytes.bytes(9, [0x8f, 0x07])
        #expect(try Self.firstTensor(Self.tensorModel(nibbles)).int64s() == [-1, -8, 7])
    }

    @Test func attributesWithoutATypeAreUnderstood() throws {
        let node = Bytes.text(4, "Flatten") + Bytes.bytes(5, Bytes.text(1, "axis") + Bytes.number(3, 2))
        let model = try Model.read(bytes: Bytes.model(graph: Bytes.bytes(1, node)))
        #expect(model.graph.nodes.first?.int("axis") == 2)
    }

    @Test func loadingCopiesNoWeightThatNothingChanges() throws {
        var builder = ModelBuilder()
        builder.input("x", [.value(4096)])
        builder.weights("left", [4096])
        builder.bytes("right_q", .int8, [4096], Array(repeating: 5, count: 4096))
        builder.constant("right_s", [], [0.5])
        builder.node("DequantizeLinear", ["right_q", "right_s"], ["right"])
        builder.node("Add", ["x", "left"], ["sum"])
        builder.node("Mul", ["sum", "right"], ["y"])
        builder.output("y", [.value(4096)])
        try TestFiles.withTemporaryFolder { folder in
            let path = "\(folder)/small.onnx"
            try builder.model.write(to: path)
            var model = try Model.read(path: path)
            #expect(model.graph.initializers.map(\.isMapped) == [true, true, true])
            let stored = try #require(FileManager.default.contents(atPath: path))
            #expect(model.serialized() == Array(stored))

            _ = try GraphPass.repairs.run(&model)
            let mapped = Dictionary(uniqueKeysWithValues: model.graph.initializers.map { ($0.name, $0.isMapped) })
            #expect(mapped == ["left": true, "right": false])
        }
    }

    @Test func aModelIsWrittenWholeOrNotAtAll() throws {
        let model = SmallFace().build()
        try TestFiles.withTemporaryFolder { folder in
            let path = "\(folder)/face.onnx"
            try Data("old".utf8).write(to: URL(fileURLWithPath: path))
            try model.write(to: path)
            #expect(FileManager.default.contents(atPath: path).map(Array.init) == model.serialized())
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["face.onnx"])

            let error = #expect(throws: ONNXModelError.self) { try model.write(to: "\(folder)/missing/face.onnx") }
            #expect(error?.code == .unwritableFile)
            #expect(error?.description.contains("No such file") == true)
        }
    }
}

import Testing

@testable import ONNXModel

/// Damaged and hostile files give an error, never a crash.
struct HostileInputTests {
    private typealias Bytes = ProtobufBytes

    /// Reads and prepares; any error must be one of ours, on one line.
    private static func outcome(_ bytes: [UInt8]) -> ONNXModelError? {
        do throws(ONNXModelError) {
            let prepared = try FaceModel.prepare(bytes: bytes, preprocessing: nil, target: .onnxruntimeCPU)
            _ = prepared.serialized()
            return nil
        } catch {
            #expect(!error.description.contains("\n"))
            return error
        }
    }

    private static func code(_ bytes: [UInt8]) -> ONNXModelError.Code? { outcome(bytes)?.code }

    @Test func aFileCutOffAnywhereIsRefused() {
        var model = SmallFace().build()
        model.metadata = []
        let bytes = model.serialized()
        #expect(Self.outcome(bytes) == nil)
        // The operator set, which preparation needs, comes last.
        for count in 0..<bytes.count {
            #expect(Self.outcome(Array(bytes.prefix(count))) != nil, "accepted \(count) of \(bytes.count) bytes")
        }
    }

    @Test func aGraphCutOffAnywhereIsRefusedThoughTheFileIsWhole() throws {
        let bytes = SmallFace().build().serialized()
        let graph = try #require(ProtobufFields(bytes[...]).contents[7]?.first)
        #expect(Self.outcome(Bytes.model(graph: Array(graph))) == nil)
        // The output, which preparation needs, comes last.
        for count in 0..<graph.count {
            let cut = Bytes.model(graph: Array(graph.prefix(count)))
            #expect(Self.outcome(cut) != nil, "accepted \(count) of \(graph.count) bytes")
        }
    }

    @Test func flippedBitsNeverCrash() {
        let original = SmallFace(before: { builder, image in
            builder.bytes("q", .int8, [1], [127])
            builder.constant("s", [], [1])
            builder.node("DequantizeLinear", ["q", "s"], ["mean"])
            builder.node("Sub", [image, "mean"], ["centred"])
            return "centred"
        }).build().serialized()
        // Weights make most of the file; the structure is what can go wrong.
        var generator = SeededGenerator(seed: 7)
        var refused = 0
        for _ in 0..<3000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let structural = Bool.random(using: &generator)
                let place =
                    structural
                    ? Int.random(in: 0..<600, using: &generator)
                    : Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
            if Self.outcome(bytes) != nil { refused += 1 }
        }
        #expect(refused > 1000)
    }

    @Test func randomBytesAreRefused() {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<300, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
            #expect(Self.outcome(bytes) != nil)
        }
    }

    @Test func aLengthBeyondTheFileIsRefusedBeforeAnythingIsAllocated() {
        for claim in [UInt64(1) << 31, 1 << 40, .max] {
            let bytes = Bytes.number(1, 8) + Bytes.varint(7 * 8 + 2) + Bytes.varint(claim) + [1, 2, 3]
            let error = Self.outcome(bytes)
            #expect(error?.code == .truncated)
            #expect(error?.location == "byte 3")
        }
    }

    @Test func aTensorThatClaimsGigabytesIsRefused() {
        let dims = Bytes.number(1, 1 << 15) + Bytes.number(1, 1 << 16)
        let tensor = dims + Bytes.number(2, 1) + Bytes.text(8, "w") + Bytes.bytes(9, [1, 2, 3, 4])
        #expect(Self.code(Bytes.model(graph: Bytes.bytes(5, tensor))) == .invalidTensor)
        let scale = Bytes.number(2, 1) + Bytes.text(8, "w") + dims + Bytes.bytes(4, [0, 0, 0, 0])
        #expect(Self.code(Bytes.model(graph: Bytes.bytes(5, scale))) == .invalidTensor)
    }

    @Test func shapesWhoseProductOverflowsAreRefused() {
        let dims = Bytes.number(1, 1 << 40) + Bytes.number(1, 1 << 40)
        #expect(Self.code(Bytes.model(graph: Bytes.bytes(5, dims))) == .invalidTensor)
        #expect(Self.code(Bytes.model(graph: Bytes.bytes(5, Bytes.number(1, .max)))) == .invalidTensor)
    }

    @Test func numbersLongerThan64BitsAreRefused() {
        let error = Self.outcome([8] + Array(repeating: 0xff, count: 9) + [2])
        #expect(error?.code == .malformedVarint)
        #expect(error?.location == "byte 1")
        #expect(Self.code([8] + Array(repeating: 0x80, count: 11) + [0]) == .malformedVarint)
        #expect(Self.code([8, 0x80, 0x80]) == .truncated)
    }

    @Test func endlessNestingIsRefused() {
        var graph: [UInt8] = []
        for _ in 0..<60 { graph = Bytes.bytes(1, Bytes.bytes(5, Bytes.number(20, 5) + Bytes.bytes(6, graph))) }
        #expect(Self.code(Bytes.model(graph: graph)) == .tooDeep)
    }

    @Test func aMillionEmptyNodesAreRefused() {
        let nodes = Array(repeatElement([UInt8(10), 0], count: 1_000_001).joined())
        #expect(Self.code(Bytes.model(graph: nodes)) == .tooLarge)
    }

    @Test func wireTypesThatDoNotFitAreRefused() {
        #expect(Self.code(Bytes.bytes(1, [8]) + Bytes.bytes(7, [])) == .malformedField)
        #expect(Self.code(Bytes.number(7, 5)) == .malformedField)
        #expect(Self.code([8, 8, 11]) == .malformedField)
        #expect(Self.code(Bytes.model(graph: Bytes.bytes(2, [0xff, 0xfe]))) == .malformedText)
    }
}

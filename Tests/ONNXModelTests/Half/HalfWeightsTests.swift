import Testing

@testable import ONNXModel

/// Rounding against Swift's own `Float16`, which this machine's compiler rounds.
struct HalfWeightsTests {
    private func rounded(_ values: [Float]) throws -> (bits: [UInt16], loss: HalfLoss) {
        let (tensor, loss) = try Tensor(name: "w", dims: [values.count], floats: values).half(name: "h")
        #expect((tensor.name, tensor.type, tensor.dims) == ("h", .float16, [values.count]))
        guard case .raw(let slice) = tensor.storage else { return ([], loss) }
        return (slice.elements(UInt16.self) { $0 }, loss)
    }

    private func check(_ values: [Float]) throws {
        let bits = try rounded(values).bits
        #expect(bits.count == values.count)
        for (value, bits) in zip(values, bits) {
            let expected = Float16(value)
            #expect(expected.isNaN ? Float16(bitPattern: bits).isNaN : expected.bitPattern == bits, "\(value)")
        }
    }

    @Test func everyHalfStaysItself() throws {
        let bits = (0...UInt16.max).filter { !Float16(bitPattern: $0).isNaN }
        #expect(try rounded(bits.map { Float(Float16(bitPattern: $0)) }).bits == bits)
    }

    @Test func midpointsGoToTheEvenNeighbourAndTheirNeighboursToTheNearest() throws {
        var values: [Float] = []
        for bits in stride(from: UInt16(0), to: 0x7c00, by: 7) {
            let low = Float(Float16(bitPattern: bits))
            let high = bits == 0x7bff ? 65_536 : Float(Float16(bitPattern: bits + 1))
            let middle = (low + high) / 2
            values += [middle, middle.nextUp, middle.nextDown, -middle, -middle.nextUp, -middle.nextDown]
        }
        try check(values)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 33])
    func anyNumberOfNumbersIsRounded(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        try check(generator.floats(count, in: -2...2))
    }

    @Test func whatIsNoNumberOrTooLargeBecomesWhatFloat16HasForIt() throws {
        let values: [Float] = [
            .nan, .infinity, -.infinity, 65_504, 65_519.99, 65_520, -65_520, 1e30, -1e30, .greatestFiniteMagnitude,
            .leastNonzeroMagnitude, -.leastNormalMagnitude, 0x1p-24, 0x1p-25, 0x1.000002p-25, 0, -0.0, 1,
        ]
        try check(values)
        let loss = try rounded(values).loss
        #expect(loss.overflowed == 5)
        #expect(loss.flushed == 3)
        #expect(loss.largest == .greatestFiniteMagnitude)
    }

    @Test func theLossIsTheRootOfWhatWasLostOverTheRootOfAll() throws {
        let values: [Float] = (0..<40).map { 1 + Float($0) / 4096 }
        var lost = 0.0
        var all = 0.0
        for value in values {
            lost += (Double(value) - Double(Float16(value))) * (Double(value) - Double(Float16(value)))
            all += Double(value) * Double(value)
        }
        let loss = try rounded(values).loss
        #expect(abs(loss.relative - (lost / all).squareRoot()) < 1e-12)
        #expect(loss.relative > 0)
        #expect(try rounded([0, 0]).loss == HalfLoss())
        #expect(try rounded([1e-9, -1e-9]).loss.relative == 1)
    }

    @Test func numbersInATypedFieldAreRoundedToo() throws {
        let floats = ProtobufBytes.bytes(4, [1.5, 65_505, 3].flatMap { ProtobufBytes.little($0) })
        let tensor = ProtobufBytes.number(1, 3) + ProtobufBytes.number(2, 1) + ProtobufBytes.text(8, "w") + floats
        let graph = ProtobufBytes.bytes(5, tensor)
        let model = try Model.read(bytes: ProtobufBytes.model(graph: graph))
        let half = try model.graph.initializers[0].half(name: "h").tensor
        #expect(try half.floats() == [1.5, 65_504, 3])
    }
}

import ONNXModel
import Testing

struct ActivationRangesTests {
    private func add(_ values: [Float], to ranges: inout ActivationRanges) {
        values.withUnsafeBufferPointer { ranges.add("x", $0) }
    }

    @Test(arguments: [1, 7, 16, 50])
    func aRangeIsThatOfAllNumbersSeen(count: Int) {
        var ranges = ActivationRanges()
        for place in 0..<count {
            var values = [Float](repeating: 0.5, count: count)
            values[place] = -Float(place) - 3
            add(values, to: &ranges)
        }
        add([2, 1.5], to: &ranges)
        #expect(ranges["x"] == .init(minimum: -Float(count) - 2, maximum: 2))
        #expect(ranges["x"]?.magnitude == Float(count) + 2)
        #expect(ranges["y"] == nil)
    }

    @Test func whatIsNoNumberIsCountedAndDoesNotWidenTheRange() {
        var ranges = ActivationRanges()
        add([.nan, .infinity, -.infinity], to: &ranges)
        #expect(ranges["x"]?.magnitude == 0)
        add([.nan, 1, -2], to: &ranges)
        #expect(ranges["x"] == .init(minimum: -2, maximum: 1, notFinite: 4))
    }
}

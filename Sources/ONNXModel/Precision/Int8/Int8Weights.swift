/// A layer's weights in 8 bits: symmetric, one scale for each output.
struct Int8Weights: Sendable {
    /// The largest integer: −128 stays unused, so that the grid is symmetric.
    static let largest: Float = 127

    /// The integers, int8 in the shape of the weights, without a name.
    let tensor: Tensor
    /// As many scales as outputs.
    let scales: [Float]

    /// Quantises weights; nil if one is infinite or no number.
    ///
    /// - Parameters:
    ///   - weights: a float32 tensor.
    ///   - axis: the axis of its outputs.
    ///   - leastScales: a lower bound for each scale, or none.
    /// - Throws: `invalidTensor` if the bytes don't fit the shape.
    init?(_ weights: Tensor, axis: Int, leastScales: [Float] = []) throws(ONNXModelError) {
        let values = try weights.floats()
        let outputs = weights.dims[axis]
        let inner = weights.dims[(axis + 1)...].reduce(1, *)
        var largest = [Float](repeating: 0, count: outputs)
        for start in stride(from: 0, to: values.count, by: inner) {
            let channel = start / inner % outputs
            let found = values.withUnsafeBufferPointer { Self.magnitude($0, start, inner) }
            guard found.isFinite else { return nil }
            largest[channel] = max(largest[channel], found)
        }
        // A channel of zeros has any scale; 1 / scale must stay finite.
        var scales = largest.map { $0 > 0 ? max($0 / Self.largest, .leastNormalMagnitude * 256) : 1 }
        for (channel, least) in leastScales.enumerated() { scales[channel] = max(scales[channel], least) }
        let storage = ByteStorage(count: values.count) { bytes in
            let target = bytes.bindMemory(to: Int8.self)
            values.withUnsafeBufferPointer { source in
                for start in stride(from: 0, to: source.count, by: inner) {
                    let factor = 1 / scales[start / inner % outputs]
                    for place in start..<start + inner {
                        target[place] = Self.rounded(source[place] * factor)
                    }
                }
            }
        }
        tensor = Tensor(name: "", type: .int8, dims: weights.dims, storage: .raw(ByteSlice(storage)))
        self.scales = scales
    }

    /// The largest magnitude of a run of numbers; infinite if one of them is infinite or no number.
    private static func magnitude(_ values: UnsafeBufferPointer<Float>, _ start: Int, _ count: Int) -> Float {
        var largest: Float = 0
        for place in start..<start + count {
            let value = abs(values[place])
            if !(value <= .greatestFiniteMagnitude) { return .infinity }
            largest = max(largest, value)
        }
        return largest
    }

    /// The nearest integer of −127…127, ties to even.
    private static func rounded(_ value: Float) -> Int8 {
        // Adding 1.5 · 2²³ leaves no bit for a fraction; the processor rounds while it adds.
        let magic: Float = 12_582_912
        let whole = (min(max(value, -largest), largest) + magic) - magic
        return Int8(truncatingIfNeeded: Int32(whole))
    }
}

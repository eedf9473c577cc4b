/// The arithmetic of `DequantizeLinear`: `(x − zero point) · scale`, with a scale for the tensor, a slice or a block.
struct Dequantization {
    /// Elements before, along and behind the axis.
    private let outer: Int
    private let length: Int
    private let inner: Int
    /// Elements along the axis that share a scale.
    private let block: Int
    /// Steps in the scales for a step in each of the three.
    private let outerStep: Int
    private let blockStep: Int
    private let innerStep: Int

    /// Finds how scales spread over elements, or nil if the shapes don't fit each other.
    ///
    /// One scale is one for the whole tensor, whatever `blockSize` says: quantisers write `block_size` even there.
    init?(dims: [Int], scaleDims: [Int], axis: Int, blockSize: Int) {
        let scaleCount = scaleDims.reduce(1, *)
        if scaleCount == 1 {
            self.init(outer: 1, length: dims.reduce(1, *), inner: 1, block: 1, steps: (0, 0, 0))
            return
        }
        let axis = axis < 0 ? axis + dims.count : axis
        guard dims.indices.contains(axis) else { return nil }
        let outer = dims[..<axis].reduce(1, *)
        let inner = dims[(axis + 1)...].reduce(1, *)
        if blockSize == 0 {
            guard scaleDims == [dims[axis]] else { return nil }
            self.init(outer: outer, length: dims[axis], inner: inner, block: 1, steps: (0, 1, 0))
        } else {
            guard blockSize > 0, scaleDims.count == dims.count else { return nil }
            // Not (n + b − 1) / b, which a hostile block size overflows.
            let blocks = dims[axis] / blockSize + (dims[axis] % blockSize == 0 ? 0 : 1)
            var expected = dims
            expected[axis] = blocks
            guard scaleDims == expected else { return nil }
            self.init(
                outer: outer, length: dims[axis], inner: inner, block: blockSize, steps: (blocks * inner, inner, 1))
        }
    }

    private init(outer: Int, length: Int, inner: Int, block: Int, steps: (Int, Int, Int)) {
        self.outer = outer
        self.length = length
        self.inner = inner
        self.block = block
        (outerStep, blockStep, innerStep) = steps
    }

    /// Dequantises `source` into float32 bytes.
    ///
    /// - Parameters:
    ///   - source: the elements; their number fits the shape.
    ///   - as: the type of the elements.
    ///   - scales: as many as the shape of the scales says.
    ///   - zeros: zero points, as many as scales, or none.
    /// - Returns: the float32 elements, little-endian.
    func apply<Element: FixedWidthInteger>(
        _ source: UnsafeRawBufferPointer, as: Element.Type, scales: [Float], zeros: [Int64]
    ) -> ByteStorage {
        let size = MemoryLayout<Element>.size
        return ByteStorage(count: source.count / size * 4) { target in
            scales.withUnsafeBufferPointer { scales in
                zeros.withUnsafeBufferPointer { zeros in
                    var element = 0
                    for first in 0..<outer {
                        for along in 0..<length {
                            let start = first * outerStep + along / block * blockStep
                            for last in 0..<inner {
                                let place = start + last * innerStep
                                let raw = source.loadUnaligned(fromByteOffset: element * size, as: Element.self)
                                let zero = zeros.isEmpty ? 0 : zeros[place]
                                let value = Float(Int64(truncatingIfNeeded: Element(littleEndian: raw)) &- zero)
                                target.storeBytes(
                                    of: (value * scales[place]).bitPattern.littleEndian, toByteOffset: element * 4,
                                    as: UInt32.self)
                                element += 1
                            }
                        }
                    }
                }
            }
        }
    }
}

internal import CONNXModel

/// How often which magnitude occurred among the numbers that a value took on faces. Sums of batches in any order are equal.
package struct MagnitudeHistogram: Sendable, Equatable {
    /// Bins of equal width from 0 on.
    package static let binCount = 4096

    /// Numbers a bin.
    package private(set) var bins: [UInt64]
    /// Width of a bin: a power of two, grown as larger numbers came. 0 as long as only zeros were seen.
    package private(set) var width: Float = 0
    /// The largest finite magnitude of all numbers.
    package private(set) var largest: Float = 0
    /// Numbers that were infinite or none.
    package private(set) var notFinite = 0

    /// A histogram of nothing.
    package init() { bins = Array(repeating: 0, count: Self.binCount) }

    /// Counts numbers in.
    ///
    /// - Parameters:
    ///   - numbers: all numbers; the largest and those not finite are found among all of them.
    ///   - samples: about how many of them, evenly spread, the bins are to count.
    package mutating func add(_ numbers: UnsafeBufferPointer<Float>, samples: Int = .max) {
        guard let base = numbers.baseAddress else { return }
        let range = conn_range_of_floats(base, numbers.count)
        notFinite += range.not_finite
        let magnitude = range.minimum <= range.maximum ? max(abs(range.minimum), abs(range.maximum)) : 0
        widen(to: magnitude)
        // An odd step walks through all columns of an image of even width.
        let step = max(1, numbers.count / max(samples, 1)) | 1
        let factor = width > 0 ? 1 / width : 0
        bins.withUnsafeMutableBufferPointer { bins in
            for place in stride(from: 0, to: numbers.count, by: step) {
                let scaled = abs(numbers[place]) * factor
                // False for what is no number, too.
                if scaled < Float(Self.binCount) { bins[Int(scaled)] += 1 }
            }
        }
    }

    /// Makes the bins so wide that `magnitude` lies in one of them.
    private mutating func widen(to magnitude: Float) {
        largest = max(largest, magnitude)
        guard magnitude > 0 else { return }
        if width == 0 {
            // Bins of a subnormal width would have no finite inverse.
            let least = max(magnitude / Float(Self.binCount), .leastNormalMagnitude * 4)
            // Zeros counted so far stay in the first bin.
            width = Float(sign: .plus, exponent: least.exponent + 1, significand: 1)
        }
        while magnitude >= width * Float(Self.binCount) {
            for place in 0..<Self.binCount / 2 { bins[place] = bins[2 * place] + bins[2 * place + 1] }
            for place in Self.binCount / 2..<Self.binCount { bins[place] = 0 }
            width *= 2
        }
    }

    /// The magnitude in the middle of a bin.
    func centre(_ bin: Int) -> Float { (Float(bin) + 0.5) * width }
}

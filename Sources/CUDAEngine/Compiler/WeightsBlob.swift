internal import CCUDAEngine

/// Collects an engine's constants, each at a multiple of 256 bytes.
struct WeightsBlob {
    static let alignment = 256
    private(set) var bytes: [UInt8] = []

    /// Adds float32 numbers.
    ///
    /// - Returns: where they are.
    mutating func append(_ values: [Float]) -> Int {
        values.withUnsafeBytes { append($0) }
    }

    /// Adds `count` numbers, zeros but for what `fill` writes, as float16 or float32.
    ///
    /// - Returns: where they are, and their size in bytes.
    mutating func append(
        _ count: Int, _ element: PlanValue.Element, _ fill: (UnsafeMutablePointer<Float>) -> Void
    ) -> (offset: Int, bytes: Int) {
        let numbers = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            buffer.initialize(repeating: 0)
            if let start = buffer.baseAddress { fill(start) }
            initialized = count
        }
        guard element == .float16 else { return (append(numbers), count * 4) }
        let halves = [UInt16](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = buffer.baseAddress { cce_floats_to_halves(numbers, count, start) }
            initialized = count
        }
        return (halves.withUnsafeBytes { append($0) }, count * 2)
    }

    private mutating func append(_ values: UnsafeRawBufferPointer) -> Int {
        bytes += repeatElement(0, count: bytes.count.padding(to: Self.alignment))
        let offset = bytes.count
        bytes += values
        return offset
    }
}

extension Int {
    /// How much is lacking to a multiple of `unit`.
    func padding(to unit: Int) -> Int { (unit - self % unit) % unit }

    /// The next multiple of `unit`.
    func rounded(upTo unit: Int) -> Int { self + padding(to: unit) }

    /// The quotient, rounded up.
    func divided(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}

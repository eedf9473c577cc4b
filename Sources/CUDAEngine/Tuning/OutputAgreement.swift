/// Whether two kernels give the same numbers, but for the order of their sums.
struct OutputAgreement {
    /// float32, otherwise float16.
    var isFloat: Bool
    /// Part of a number, or of the root of all numbers' mean square if that is more, by which it may differ: some units in
    /// the last place of float16.
    private static let tolerance: Float = 1 / 256

    /// What is wrong with numbers, or nil.
    ///
    /// - Parameters:
    ///   - bytes: the numbers.
    ///   - usual: those that they are held against.
    func objection(to bytes: [UInt8], beside usual: [UInt8]) -> String? {
        guard bytes != usual else { return nil }
        let (own, right) = (numbers(bytes), numbers(usual))
        guard own.count == right.count, !own.isEmpty else { return "it gives another count of numbers" }
        let finite = right.filter(\.isFinite)
        let scale = (finite.reduce(0) { $0 + $1 * $1 } / Float(max(finite.count, 1))).squareRoot()
        let wrong = zip(own, right).count { one, other in
            guard one.isFinite, other.isFinite else { return one.isFinite != other.isFinite }
            return abs(one - other) > Self.tolerance * max(abs(other), scale)
        }
        guard wrong > 0 else { return nil }
        return "\(wrong) of \(own.count) numbers aren't those of the table's choice"
    }

    private func numbers(_ bytes: [UInt8]) -> [Float] {
        bytes.withUnsafeBytes { bytes in
            if isFloat {
                return stride(from: 0, to: bytes.count - 3, by: 4).map {
                    bytes.loadUnaligned(fromByteOffset: $0, as: Float.self)
                }
            }
            return stride(from: 0, to: bytes.count - 1, by: 2).map {
                Float(Float16(bitPattern: bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self)))
            }
        }
    }
}

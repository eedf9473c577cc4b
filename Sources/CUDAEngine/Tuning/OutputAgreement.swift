/// Whether two kernels give the same numbers, but for the order of their sums.
struct OutputAgreement {
    /// float32, otherwise float16.
    var isFloat: Bool
    /// Part of a number, or of the root of all numbers' mean square if that is more, by which it may differ: some units in
    /// the last place of float16.
    private static let tolerance: Float = 1 / 256

    /// Compares numbers.
    ///
    /// - Parameters:
    ///   - bytes: the numbers.
    ///   - usual: those that they are held against.
    /// - Returns: what is wrong with them, or nil.
    func objection(to bytes: [UInt8], beside usual: [UInt8]) -> String? {
        guard bytes.count == usual.count, !bytes.isEmpty else { return "it gives another count of numbers" }
        let apart = isFloat ? Array(0..<bytes.count / 4) : Self.apart(bytes, usual)
        guard !apart.isEmpty else { return nil }
        return usual.withUnsafeBytes { usual in
            bytes.withUnsafeBytes { bytes in
                let all = 0..<usual.count / (isFloat ? 4 : 2)
                let finite = all.lazy.map { number(usual, $0) }.filter(\.isFinite)
                var sum: Float = 0, count: Float = 0
                for value in finite { (sum, count) = (sum + value * value, count + 1) }
                let scale = (sum / max(count, 1)).squareRoot()
                let wrong = apart.count { place in
                    let (one, other) = (number(bytes, place), number(usual, place))
                    guard one.isFinite, other.isFinite else { return one.isFinite != other.isFinite }
                    return abs(one - other) > Self.tolerance * max(abs(other), scale)
                }
                return wrong > 0 ? "\(wrong) of \(all.count) numbers aren't those of the table's choice" : nil
            }
        }
    }

    /// Places of float16 numbers that are further apart than a glance at their bits shows to be allowed: nearly none, of
    /// millions.
    private static func apart(_ bytes: [UInt8], _ usual: [UInt8]) -> [Int] {
        let infinity: UInt16 = 0x7c00
        var apart: [Int] = []
        bytes.withUnsafeBytes { bytes in
            usual.withUnsafeBytes { usual in
                let (own, right) = (bytes.bindMemory(to: UInt16.self), usual.bindMemory(to: UInt16.self))
                for place in own.indices where own[place] != right[place] {
                    let (one, other) = (own[place], right[place])
                    let isNear =
                        (one ^ other) & 0x8000 == 0 && abs(Int(one) - Int(other)) <= 4
                        && one & infinity != infinity && other & infinity != infinity
                    if !isNear { apart.append(place) }
                }
            }
        }
        return apart
    }

    private func number(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Float {
        isFloat
            ? bytes.loadUnaligned(fromByteOffset: 4 * place, as: Float.self)
            : Float(Float16(bitPattern: bytes.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self)))
    }
}

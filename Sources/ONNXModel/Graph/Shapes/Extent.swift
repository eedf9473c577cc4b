/// The size of a dimension, or an element of a shape, as far as a graph's constants tell.
enum Extent: Hashable, Sendable {
    /// Known. In a target of `Reshape`, −1 and 0 are known as well, with their own meaning.
    case fixed(Int)
    /// The number of images in the batch.
    case batch
    /// Anything.
    case unknown

    /// Larger sizes are damage; below, sums and products of two stay in 64 bits.
    static let limit = 1 << 30

    /// The size if it is known.
    var value: Int? {
        if case .fixed(let value) = self { value } else { nil }
    }

    /// A known size, or `unknown` for one beyond the limit.
    static func bounded(_ value: Int) -> Extent { value.magnitude < limit ? .fixed(value) : .unknown }
}

extension [Extent] {
    /// The sizes, if all of them are known.
    var values: [Int]? {
        let known = compactMap(\.value)
        return known.count == count ? known : nil
    }

    /// The sizes with one image in the batch, if all the others are known.
    var ofOneImage: [Int]? { map { $0 == .batch ? .fixed(1) : $0 }.values }

    /// The size of what two values of these shapes give together, by ONNX's rules of broadcasting.
    func broadcast(with other: [Extent]) -> [Extent] {
        let rank = Swift.max(count, other.count)
        let first = Array(repeating: .fixed(1), count: rank - count) + self
        let second = Array(repeating: .fixed(1), count: rank - other.count) + other
        return zip(first, second).map { left, right in
            if left == right { return left }
            if left == .fixed(1) { return right }
            if right == .fixed(1) { return left }
            // One size against an unknown one: the known one, since the other must be it or 1.
            if left == .unknown, right.value != nil { return right }
            if right == .unknown, left.value != nil { return left }
            return .unknown
        }
    }
}

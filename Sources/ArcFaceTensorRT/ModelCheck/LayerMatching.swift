/// Which layer of one graph is which of another.
///
/// Graphs of one model have the names of its values in common, whatever was done to them. Two exports of a network have
/// other names, or, worse, the same numbers for other values: then the order of the operators and their shapes tells.
struct LayerMatching: Sendable {
    /// Two layers that are taken for the same.
    struct Pair: Sendable, Equatable {
        let reference: Int
        let candidate: Int
        /// Whether the name tells, rather than the order.
        let byName: Bool
    }

    /// The pairs, in the order of the reference.
    let pairs: [Pair]
    /// Whether names mean the same in both graphs.
    let trustsNames: Bool

    /// Names count if at least this part of those in common is of the same operator and shape. By chance a fifth to a
    /// third would be: a block of a network has so many different operators.
    private static let trustedShare = 0.5
    /// Comparing the order of longer lists costs too much.
    private static let largestTable = 4_000_000

    /// Matches layers whose shapes are known; pairs are always of the same number of elements.
    init(reference: [GraphLayer], candidate: [GraphLayer]) {
        let places = Dictionary(candidate.enumerated().map { ($1.value, $0) }, uniquingKeysWith: { first, _ in first })
        let common = reference.indices.compactMap { place in
            places[reference[place].value].map { (place, $0) }
        }
        let alike = common.filter {
            reference[$0.0].op == candidate[$0.1].op && reference[$0.0].shape == candidate[$0.1].shape
        }
        trustsNames = !common.isEmpty && Double(alike.count) >= Self.trustedShare * Double(common.count)
        var named: [Int: Int] = [:]
        if trustsNames {
            for (first, second) in common where reference[first].count == candidate[second].count {
                named[first] = second
            }
        }
        let ordered = Self.inOrder(reference, candidate, named: named)
        pairs = reference.indices.compactMap { place in
            if let other = named[place] { return Pair(reference: place, candidate: other, byName: true) }
            return ordered[place].map { Pair(reference: place, candidate: $0, byName: false) }
        }
    }

    /// What must be equal for two layers to be the same by order: the match by name, or else operator and shape.
    private enum Token: Hashable {
        case named(Int)
        case alike(op: String, shape: [Int])
    }

    /// Layers outside of `named` that lie between the same neighbours in both graphs (longest common subsequence).
    private static func inOrder(
        _ reference: [GraphLayer], _ candidate: [GraphLayer], named: [Int: Int]
    ) -> [Int: Int] {
        guard reference.count * candidate.count <= largestTable else { return [:] }
        let back = Dictionary(named.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let first = reference.enumerated().map { place, layer in
            named[place].map { _ in .named(place) } ?? Token.alike(op: layer.op, shape: layer.shape)
        }
        let second = candidate.enumerated().map { place, layer in
            back[place].map(Token.named) ?? .alike(op: layer.op, shape: layer.shape)
        }
        var removed = Set<Int>()
        var inserted = Set<Int>()
        for change in second.difference(from: first) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        let kept = zip(
            first.indices.filter { !removed.contains($0) }, second.indices.filter { !inserted.contains($0) })
        return Dictionary(
            kept.filter { named[$0.0] == nil && back[$0.1] == nil }.map { ($0.0, $0.1) },
            uniquingKeysWith: { first, _ in first })
    }
}

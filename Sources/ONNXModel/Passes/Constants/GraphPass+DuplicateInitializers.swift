import Glibc

extension GraphPass {
    /// Keeps one of several constants of the same type, shape and elements.
    package static let duplicateInitializers = GraphPass(
        "duplicate constants", reason: "the same weights are stored more than once"
    ) { model throws(ONNXModelError) in
        var kept: [ConstantKey: [Tensor]] = [:]
        var replacements: [String: String] = [:]
        let outputs = Set(model.graph.outputs.map(\.name))
        for tensor in model.graph.initializers where !outputs.contains(tensor.name) {
            guard let key = ConstantKey(tensor) else { continue }
            let candidates = kept[key] ?? []
            // Equal beginnings and different ends are rare; a file full of them isn't worth the comparisons.
            if let twin = candidates.prefix(16).first(where: { $0.hasElements(of: tensor) }) {
                replacements[tensor.name] = twin.name
            } else {
                kept[key] = candidates + [tensor]
            }
        }
        guard !replacements.isEmpty else { return [] }
        model.graph.redirect(replacements)
        model.graph.initializers.removeAll { replacements[$0.name] != nil }
        return ["\(counted(replacements.count, "constant")) dropped, another of the same elements taken"]
    }
}

/// What equal constants have in common, and others mostly not: cheap to compare, since most weights are never read for it.
private struct ConstantKey: Hashable {
    let type: ElementType
    let dims: [Int]
    let start: [UInt8]

    init?(_ tensor: Tensor) {
        guard case .raw(let slice) = tensor.storage else { return nil }
        type = tensor.type
        dims = tensor.dims
        start = slice.withUnsafeBytes { Array($0.prefix(64)) }
    }
}

extension Tensor {
    fileprivate func hasElements(of other: Tensor) -> Bool {
        guard case .raw(let first) = storage, case .raw(let second) = other.storage, first.count == second.count else {
            return false
        }
        return first.withUnsafeBytes { first in second.withUnsafeBytes { Self.areEqual(first, $0) } }
    }

    private static func areEqual(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Bool {
        guard let start = first.baseAddress, let other = second.baseAddress else { return first.count == second.count }
        return memcmp(start, other, first.count) == 0
    }
}

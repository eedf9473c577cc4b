extension ShapeInference {
    /// `Flatten`: two dimensions, those before `axis` and those from it on.
    static func flatten(_ data: [Extent], axis: Int64) -> [Extent]? {
        guard axis >= -Int64(data.count), axis <= Int64(data.count) else { return nil }
        let place = Int(axis < 0 ? axis + Int64(data.count) : axis)
        return [product(data[..<place]), product(data[place...])]
    }

    /// `Reshape`: −1 is what is left over, 0 the input's own size there unless `zeroMeansZero`.
    static func reshape(_ data: [Extent], to target: [Extent], zeroMeansZero: Bool) -> [Extent]? {
        var result = target
        var open: Int?
        for (place, size) in target.enumerated() {
            switch size {
            case .fixed(0) where !zeroMeansZero:
                guard place < data.count else { return nil }
                result[place] = data[place]
            case .fixed(-1):
                guard open == nil else { return nil }
                open = place
                result[place] = .fixed(1)
            case .fixed(let value) where value < 0: return nil
            default: break
            }
        }
        guard let open else { return result }
        result[open] = quotient(of: data, by: result)
        return result
    }

    /// The product of the sizes: `batch` if the rest is 1.
    static func product(_ sizes: some Sequence<Extent>) -> Extent {
        var known = 1
        var batches = 0
        for size in sizes {
            switch size {
            case .fixed(let value):
                guard case .fixed(let next) = Extent.bounded(known * value) else { return .unknown }
                known = next
            case .batch: batches += 1
            case .unknown: return .unknown
            }
        }
        if batches == 0 { return .fixed(known) }
        return batches == 1 && known == 1 ? .batch : .unknown
    }

    private static func quotient(of data: [Extent], by parts: [Extent]) -> Extent {
        let (all, used) = (data.filter { $0 == .batch }.count, parts.filter { $0 == .batch }.count)
        let total = product(data.filter { $0 != .batch })
        let known = product(parts.filter { $0 != .batch })
        guard let total = total.value, let known = known.value, known > 0, total % known == 0 else { return .unknown }
        switch all - used {
        case 0: return .fixed(total / known)
        case 1: return total == known ? .batch : .unknown
        default: return .unknown
        }
    }
}

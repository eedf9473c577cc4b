/// What ONNX's shape operators make of a shape. Nil where the arguments don't fit it.
enum ShapeArithmetic {
    /// The product of `dims`, or nil if it overflows.
    static func count(_ dims: [Int]) -> Int? {
        var product = 1
        for dim in dims {
            let (next, overflow) = product.multipliedReportingOverflow(by: dim)
            guard !overflow, dim >= 0 else { return nil }
            product = next
        }
        return product
    }

    /// Whether products of any of the sizes stay far from 64 bits, as the reader makes sure of for tensors of a file.
    static func isPossible(_ dims: [Int]) -> Bool {
        count(dims.map { max($0, 1) }).map { $0 <= Int.max / 256 } ?? false
    }

    /// `Reshape`: −1 is what is left over, 0 the input's own size there unless `zeroMeansZero`.
    static func reshape(_ dims: [Int], to target: [Int64], zeroMeansZero: Bool) -> [Int]? {
        var result: [Int] = []
        var open: Int?
        for (position, size) in target.enumerated() {
            if size == -1 {
                guard open == nil else { return nil }
                open = position
                result.append(1)
            } else if size == 0, !zeroMeansZero {
                guard position < dims.count else { return nil }
                result.append(dims[position])
            } else {
                guard size >= 0 else { return nil }
                result.append(Int(size))
            }
        }
        guard let total = count(dims), let known = count(result) else { return nil }
        if let open {
            guard known > 0, total % known == 0 else { return nil }
            result[open] = total / known
        }
        return result
    }

    /// `Flatten`: two dimensions, those before `axis` and those from it on.
    static func flatten(_ dims: [Int], axis: Int) -> [Int]? {
        let axis = axis < 0 ? axis + dims.count : axis
        guard (0...dims.count).contains(axis) else { return nil }
        guard let rows = count(Array(dims[..<axis])), let columns = count(Array(dims[axis...])) else { return nil }
        return [rows, columns]
    }

    /// `Squeeze`: without the given dimensions of size 1, or without all such.
    static func squeeze(_ dims: [Int], axes: [Int64]?) -> [Int]? {
        guard let axes else { return dims.filter { $0 != 1 } }
        guard let positions = normalized(axes, rank: dims.count), positions.allSatisfy({ dims[$0] == 1 }) else {
            return nil
        }
        return dims.indices.filter { !positions.contains($0) }.map { dims[$0] }
    }

    /// `Unsqueeze`: with dimensions of size 1 at the given places of the result.
    static func unsqueeze(_ dims: [Int], axes: [Int64]) -> [Int]? {
        guard let positions = normalized(axes, rank: dims.count + axes.count), positions.count == axes.count else {
            return nil
        }
        var rest = dims.makeIterator()
        return (0..<dims.count + axes.count).map { positions.contains($0) ? 1 : rest.next() ?? 1 }
    }

    private static func normalized(_ axes: [Int64], rank: Int) -> Set<Int>? {
        var positions = Set<Int>()
        for axis in axes {
            guard axis >= -Int64(rank), axis < Int64(rank) else { return nil }
            positions.insert(Int(axis < 0 ? axis + Int64(rank) : axis))
        }
        return positions
    }
}

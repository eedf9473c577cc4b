/// Operators that move elements without looking at them.
extension ConstantEvaluation {
    func transposed(_ node: Node, _ data: Tensor) -> Tensor? {
        let rank = data.dims.count
        let order = node.ints("perm").map { $0.map { Int($0) } } ?? Array((0..<rank).reversed())
        guard order.count == rank, Set(order) == Set(0..<rank), fits(data.dims) else { return nil }
        let steps = StridedCopy.steps(data.dims)
        return StridedCopy(dims: order.map { data.dims[$0] }, steps: order.map { steps[$0] }).run(data)
    }

    func sliced(_ node: Node, _ data: Tensor, _ arguments: [Tensor?]) -> Tensor? {
        func integers(_ name: String, _ position: Int) -> [Int64]? {
            if let values = node.ints(name) { return values }
            guard position < arguments.count, let tensor = arguments[position] else { return nil }
            return try? tensor.int64s()
        }
        guard let starts = integers("starts", 1), let ends = integers("ends", 2), starts.count == ends.count else {
            return nil
        }
        let places = integers("axes", 3) ?? starts.indices.map { Int64($0) }
        let strides = integers("steps", 4) ?? starts.map { _ in 1 }
        guard places.count == starts.count, strides.count == starts.count,
            ShapeInference.axes(places, rank: data.dims.count) != nil
        else { return nil }
        var copy = StridedCopy(dims: data.dims, steps: StridedCopy.steps(data.dims))
        for (place, axis) in places.enumerated() {
            let axis = Int(axis < 0 ? axis + Int64(data.dims.count) : axis)
            let size = Int64(data.dims[axis])
            // Backwards is for nobody's weights.
            guard strides[place] > 0, strides[place] <= Int64(Int32.max) else { return nil }
            func bounded(_ position: Int64) -> Int64 {
                let counted = position < 0 ? max(position, -size) + size : position
                return min(max(counted, 0), size)
            }
            let (start, end) = (bounded(starts[place]), bounded(ends[place]))
            copy.offset += Int(start) * copy.steps[axis]
            copy.dims[axis] = end > start ? Int((end - start + strides[place] - 1) / strides[place]) : 0
            // A longer stride than the dimension takes one element, whatever it is.
            copy.steps[axis] *= Int(min(strides[place], max(size, 1)))
        }
        return fits(copy.dims) ? copy.run(data) : nil
    }

    func expanded(_ data: Tensor, _ arguments: [Tensor?]) -> Tensor? {
        guard arguments.count > 1, let target = arguments[1], let sizes = try? target.int64s(),
            sizes.allSatisfy({ $0 >= 0 && $0 < Int64(Extent.limit) }),
            let dims = Self.broadcast(data.dims, sizes.map { Int($0) }), fits(dims)
        else { return nil }
        return StridedCopy(broadcasting: data.dims, to: dims).run(data)
    }

    func concatenated(_ node: Node, _ arguments: [Tensor?]) -> Tensor? {
        let parts = arguments.compactMap { $0 }
        guard parts.count == arguments.count, let first = parts.first, let axis = node.int("axis"),
            let place = ShapeInference.axes([axis], rank: first.dims.count)?.first
        else { return nil }
        var dims = first.dims
        dims[place] = 0
        for part in parts {
            guard part.type == first.type, part.dims.count == dims.count,
                part.dims.indices.allSatisfy({ $0 == place || part.dims[$0] == first.dims[$0] })
            else { return nil }
            dims[place] += part.dims[place]
            guard dims[place] <= budget else { return nil }
        }
        guard fits(dims), let size = first.type.byteSize else { return nil }
        let slices = parts.compactMap(\.littleEndianBytes)
        guard slices.count == parts.count else { return nil }
        let outer = dims[..<place].reduce(1, *)
        let rows = parts.map { $0.dims[place...].reduce(1, *) * size }
        let storage = ByteStorage(count: dims.reduce(1, *) * size) { target in
            var offset = 0
            for row in 0..<outer {
                for (slice, bytes) in zip(slices, rows) where bytes > 0 {
                    slice.withUnsafeBytes { source in
                        UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + bytes])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[row * bytes..<(row + 1) * bytes]))
                    }
                    offset += bytes
                }
            }
        }
        return Tensor(name: "", type: first.type, dims: dims, storage: .raw(ByteSlice(storage)))
    }

    func gathered(_ node: Node, _ data: Tensor, _ arguments: [Tensor?]) -> Tensor? {
        guard arguments.count == 2, let indices = arguments[1], let places = try? indices.int64s(),
            let axis = ShapeInference.axes([node.int("axis") ?? 0], rank: data.dims.count)?.first,
            let size = data.type.byteSize, let source = data.littleEndianBytes
        else { return nil }
        let length = Int64(data.dims[axis])
        guard places.allSatisfy({ $0 >= -length && $0 < length }) else { return nil }
        let dims = data.dims[..<axis] + indices.dims + data.dims[(axis + 1)...]
        guard fits(Array(dims)) else { return nil }
        let row = data.dims[(axis + 1)...].reduce(1, *) * size
        let storage = ByteStorage(count: dims.reduce(1, *) * size) { target in
            source.withUnsafeBytes { bytes in
                var offset = 0
                for outer in 0..<data.dims[..<axis].reduce(1, *) {
                    for place in places where row > 0 {
                        let start = (outer * Int(length) + Int(place < 0 ? place + length : place)) * row
                        UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + row])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + row]))
                        offset += row
                    }
                }
            }
        }
        return Tensor(name: "", type: data.type, dims: Array(dims), storage: .raw(ByteSlice(storage)))
    }

    func filled(_ node: Node, _ shape: Tensor) -> Tensor? {
        guard let sizes = try? shape.int64s(), sizes.allSatisfy({ $0 >= 0 && $0 < Int64(Extent.limit) }) else {
            return nil
        }
        let dims = sizes.map { Int($0) }
        guard fits(dims) else { return nil }
        for attribute in node.attributes where attribute.name == "value" {
            guard case .tensor(let value) = attribute.value, value.count == 1 else { return nil }
            return StridedCopy(broadcasting: [1], to: dims).run(value.reshaped([1], name: ""))
        }
        return Tensor(name: "", dims: dims, floats: Array(repeating: 0, count: dims.reduce(1, *)))
    }

    /// The shape of two constants together, or nil if they don't go together.
    static func broadcast(_ first: [Int], _ second: [Int]) -> [Int]? {
        let rank = max(first.count, second.count)
        let pairs = zip(
            Array(repeating: 1, count: rank - first.count) + first,
            Array(repeating: 1, count: rank - second.count) + second)
        guard pairs.allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else { return nil }
        return pairs.map { $0 == 1 ? $1 : $0 }
    }
}

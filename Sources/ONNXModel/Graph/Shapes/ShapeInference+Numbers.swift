/// Arithmetic with shapes, as exporters write it: `Shape` → `Gather` → `Unsqueeze` → `Concat` → `Reshape`.
extension ShapeInference {
    /// The integers that the node gives, where they follow from constants and from known dimensions.
    func elements(of node: Node) -> [Extent]? {
        switch node.op {
        case "Shape": return shapeSlice(node)
        case "Identity", "Cast", "Unsqueeze", "Squeeze", "Reshape", "Flatten":
            // A cast to real numbers ends shape arithmetic, as far as we follow it.
            if node.op == "Cast", ![6, 7].contains(node.int("to") ?? 0) { return nil }
            return numbers(node, 0)
        case "Gather": return gathered(node)
        case "Concat":
            var all: [Extent] = []
            for position in node.inputs.indices {
                guard let part = numbers(node, position), all.count + part.count <= Self.largestVector else {
                    return nil
                }
                all += part
            }
            return all
        case "Slice": return sliced(node)
        case "Add": return combined(node, neutral: 0) { $0 + $1 }
        case "Sub": return combined(node, neutral: 0, isCommutative: false) { $0 - $1 }
        case "Mul": return combined(node, neutral: 1) { $0 * $1 }
        case "Div": return combined(node, neutral: 1, isCommutative: false) { $1 == 0 ? nil : $0 / $1 }
        default: return nil
        }
    }

    private func shapeSlice(_ node: Node) -> [Extent]? {
        guard let shape = shape(node, 0) else { return nil }
        let start = Self.place(node.int("start") ?? 0, in: shape.count)
        let end = Self.place(node.int("end") ?? Int64(shape.count), in: shape.count)
        return start <= end ? Array(shape[start..<end]) : []
    }

    /// A position counted from the end if negative, moved into `0…count`.
    private static func place(_ position: Int64, in count: Int) -> Int {
        let bounded = min(max(position, -Int64(count)), Int64(count))
        return Int(bounded < 0 ? bounded + Int64(count) : bounded)
    }

    private func gathered(_ node: Node) -> [Extent]? {
        guard node.int("axis") ?? 0 == 0, let data = numbers(node, 0), let places = numbers(node, 1)?.values,
            shape(node, 0)?.count == 1
        else { return nil }
        var result: [Extent] = []
        for place in places {
            let position = place < 0 ? place + data.count : place
            guard data.indices.contains(position) else { return nil }
            result.append(data[position])
        }
        return result
    }

    private func sliced(_ node: Node) -> [Extent]? {
        guard let data = numbers(node, 0) else { return nil }
        let starts = node.ints("starts").map { $0.map { Int($0) } } ?? numbers(node, 1)?.values
        let ends = node.ints("ends").map { $0.map { Int($0) } } ?? numbers(node, 2)?.values
        let steps = node.inputs.count > 4 ? numbers(node, 4)?.values : [1]
        guard let starts, let ends, starts.count == 1, ends.count == 1, steps == [1] else { return nil }
        let start = Self.place(Int64(starts[0]), in: data.count)
        let end = Self.place(Int64(ends[0]), in: data.count)
        return start <= end ? Array(data[start..<end]) : []
    }

    /// Element by element; one number goes with each of several. The batch survives only a neutral partner.
    private func combined(
        _ node: Node, neutral: Int, isCommutative: Bool = true, _ operation: (Int, Int) -> Int?
    ) -> [Extent]? {
        guard let first = numbers(node, 0), let second = numbers(node, 1),
            first.count == second.count || first.count == 1 || second.count == 1
        else { return nil }
        return (0..<max(first.count, second.count)).map { place in
            let left = first[first.count == 1 ? 0 : place]
            let right = second[second.count == 1 ? 0 : place]
            if let left = left.value, let right = right.value {
                return operation(left, right).map { .bounded($0) } ?? .unknown
            }
            if right == .fixed(neutral) { return left }
            if isCommutative, left == .fixed(neutral) { return right }
            return .unknown
        }
    }
}

/// Operators that make images larger or smaller.
extension ShapeInference {
    /// `Resize` of opset 10 (data, scales) and later (data, region, scales, sizes), and `Upsample` of opset 9 (data, scales).
    func resize(_ node: Node) -> [Extent]? {
        guard let data = shape(node, 0), data.count <= Self.largestRank else { return nil }
        let axes = node.ints("axes").map { Self.orderedAxes($0, rank: data.count) } ?? Array(data.indices)
        guard let axes else { return nil }
        if let sizes = numbers(node, 3) { return resized(node, data, axes, to: sizes) }
        guard let scales = scales(of: node), scales.count == axes.count else { return nil }
        var result = data
        for (axis, scale) in zip(axes, scales) where scale != 1 {
            // In double precision, as ONNX Runtime: 1/3 · 3 must not become 0.
            guard let size = data[axis].value, scale > 0, scale < 1_048_576 else {
                result[axis] = .unknown
                continue
            }
            result[axis] = .bounded(Int((Double(size) * Double(scale)).rounded(.down)))
        }
        return result
    }

    private func resized(_ node: Node, _ data: [Extent], _ axes: [Int], to sizes: [Extent]) -> [Extent]? {
        // Other policies change the sizes by the image's own proportions.
        guard sizes.count == axes.count, node.string("keep_aspect_ratio_policy") ?? "stretch" == "stretch" else {
            return nil
        }
        var result = data
        for (axis, size) in zip(axes, sizes) { result[axis] = size }
        return result
    }

    private func scales(of node: Node) -> [Float]? {
        let position = node.inputs.count == 2 ? 1 : 2
        return position < node.inputs.count ? factors[node.inputs[position]] : nil
    }

    private static func orderedAxes(_ given: [Int64], rank: Int) -> [Int]? {
        guard axes(given, rank: rank) != nil else { return nil }
        return given.map { Int($0 < 0 ? $0 + Int64(rank) : $0) }
    }
}

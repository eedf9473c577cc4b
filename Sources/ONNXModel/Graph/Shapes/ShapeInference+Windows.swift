/// Operators that slide a window over an image.
extension ShapeInference {
    func convolution(_ node: Node) -> [Extent]? {
        guard let data = shape(node, 0), let weights = shape(node, 1)?.values, weights.count == data.count,
            data.count > 2, let spatial = windows(node, data, kernel: Array(weights.dropFirst(2)))
        else { return nil }
        return [data[0], .fixed(weights[0])] + spatial
    }

    func pool(_ node: Node) -> [Extent]? {
        guard let data = shape(node, 0), data.count > 2, let kernel = node.ints("kernel_shape"),
            kernel.count == data.count - 2,
            let spatial = windows(node, data, kernel: kernel.map { Extent.number($0).value ?? 0 })
        else { return nil }
        return data.prefix(2) + spatial
    }

    private func windows(_ node: Node, _ data: [Extent], kernel: [Int]) -> [Extent]? {
        let axes = kernel.count
        func attribute(_ name: String, _ count: Int, usual: Int) -> [Int]? {
            guard let values = node.ints(name) else { return Array(repeating: usual, count: count) }
            let bounded = values.compactMap { Extent.number($0).value }
            return bounded.count == count && bounded.allSatisfy { $0 >= 0 && $0 < Extent.limit } ? bounded : nil
        }
        guard let strides = attribute("strides", axes, usual: 1), strides.allSatisfy({ $0 > 0 }),
            let dilations = attribute("dilations", axes, usual: 1), dilations.allSatisfy({ $0 > 0 }),
            let pads = attribute("pads", axes * 2, usual: 0), kernel.allSatisfy({ $0 > 0 && $0 < 1 << 20 })
        else { return nil }
        let padding = node.string("auto_pad") ?? "NOTSET"
        let roundsUp = node.int("ceil_mode") == 1
        return (0..<axes).map { axis in
            guard let size = data[axis + 2].value else { return .unknown }
            if padding.hasPrefix("SAME") { return .bounded((size + strides[axis] - 1) / strides[axis]) }
            let added = padding == "VALID" ? 0 : pads[axis] + pads[axis + axes]
            let room = size + added - dilations[axis] * (kernel[axis] - 1) - 1
            guard room >= 0 else { return .unknown }
            return .bounded((roundsUp ? room + strides[axis] - 1 : room) / strides[axis] + 1)
        }
    }
}

/// The family of a face network, told by its layers.
package enum Architecture: Sendable, Hashable, CustomStringConvertible {
    /// ArcFace's residual networks: blocks of two 3×3 convolutions at 64, 128, 256 and 512 channels.
    case iresnet(depth: Int)
    /// Depthwise blocks with residuals, three stages, no block at full size.
    case mobileFaceNet
    /// OpenCV Zoo's SFace: MobileNetV1's thirteen depthwise layers at full size first.
    case sface
    /// None of these.
    case unknown

    /// The name that people know it by.
    package var description: String {
        switch self {
        case .iresnet(let depth): "IResNet-\(depth)"
        case .mobileFaceNet: "MobileFaceNet"
        case .sface: "SFace"
        case .unknown: "unknown"
        }
    }

    /// Blocks in the four stages, by the name that counts the layers.
    private static let iresnets: [[Int]: Int] = [
        [2, 2, 2, 2]: 18, [3, 4, 6, 3]: 34, [3, 4, 14, 3]: 50, [3, 13, 30, 3]: 100, [6, 26, 60, 6]: 200,
    ]
    private static let sfaceStrides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]

    /// Recognises the network; neither names nor normalisations nor activations matter, which exporters fold and rewrite.
    ///
    /// - Parameter graph: nodes in topological order.
    package init(_ graph: Graph) {
        let layers = ConvolutionLayer.all(in: graph)
        self = Self.residual(layers) ?? Self.depthwise(layers) ?? .unknown
    }

    private static func residual(_ layers: [ConvolutionLayer]) -> Architecture? {
        let dense = layers.filter { $0.isDense && $0.kernel == [3, 3] }
        guard let stem = dense.first, stem.inputs == 3, stem.outputs == 64, stem.stride == 1,
            !layers.contains(where: { !$0.isDense && $0.kernel != [1, 1] })
        else { return nil }
        let blocks = [64, 128, 256, 512].map { width in dense.dropFirst().filter { $0.outputs == width }.count }
        // Squeeze and excitation adds 1×1 convolutions; a plain network has one where a stage begins.
        let shortcuts = layers.filter { $0.isDense && $0.kernel == [1, 1] }
        guard blocks.reduce(1, +) == dense.count, blocks.allSatisfy({ $0 % 2 == 0 }), shortcuts.count <= 4 else {
            return nil
        }
        return iresnets[blocks.map { $0 / 2 }].map { .iresnet(depth: $0) }
    }

    private static func depthwise(_ layers: [ConvolutionLayer]) -> Architecture? {
        let wide = layers.filter { $0.kernel == [3, 3] }
        let others = layers.filter { $0.kernel != [3, 3] && $0.kernel != [1, 1] }
        guard let stem = wide.first, stem.isDense, stem.inputs == 3, wide.dropFirst().allSatisfy({ !$0.isDense }) else {
            return nil
        }
        let strides = wide.dropFirst().map(\.stride)
        if stem.stride == 1, stem.outputs == 32, strides == sfaceStrides, others.isEmpty { return .sface }
        guard stem.stride == 2, others.allSatisfy({ $0.kernel == [7, 7] && !$0.isDense }), others.count <= 1 else {
            return nil
        }
        // Each stage begins with a step of 2; the published ones have 4, 6 and 2 residual blocks, the large ones twice that.
        let stages = strides.split(separator: 2, omittingEmptySubsequences: false).map(\.count)
        guard stages.count == 4, strides.allSatisfy({ $0 == 1 || $0 == 2 }) else { return nil }
        let isPublished = stages.dropFirst() == [4, 6, 2] || stages.dropFirst() == [8, 12, 4]
        return isPublished && stages[0] <= 2 ? .mobileFaceNet : nil
    }
}

/// What tells one convolution from another.
private struct ConvolutionLayer {
    let inputs: Int
    let outputs: Int
    let kernel: [Int]
    let stride: Int
    /// Whether each output sees all inputs.
    let isDense: Bool

    static func all(in graph: Graph) -> [ConvolutionLayer] {
        let inference = ShapeInference(graph)
        return graph.nodes.filter { $0.isOperator("Conv") }.compactMap { ConvolutionLayer($0, inference) }
    }

    private init?(_ node: Node, _ inference: ShapeInference) {
        guard let weights = inference.shape(node, 1)?.values, weights.count == 4 else { return nil }
        let groups = Int(clamping: node.int("group") ?? 1)
        isDense = groups == 1
        inputs = weights[1]
        outputs = weights[0]
        kernel = Array(weights[2...])
        stride = Int(clamping: node.ints("strides")?.first ?? 1)
    }
}

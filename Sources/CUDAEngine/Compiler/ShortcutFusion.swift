/// Puts the 1×1 convolution of a shortcut into the sums of the 3×3 convolution that it is added to.
enum ShortcutFusion {
    /// The network with fewer steps.
    ///
    /// - Parameters:
    ///   - network: the network, its steps joined.
    ///   - able: positions of the steps whose kernels can take a shortcut in.
    /// - Returns: the network; the same where there is no such pair.
    static func fused(_ network: FusedNetwork, into able: Set<Int>) -> FusedNetwork {
        var result = network
        var removed = Set<Int>()
        for position in network.operations.indices {
            let later = network.operations[position]
            guard let residual = later.residual,
                let earlier = network.operations.firstIndex(where: { $0.output == residual }),
                uses(of: residual, in: network) == 1, !removed.contains(earlier)
            else { continue }
            // Either of the two may be the one that adds the other.
            let pair = able.contains(position) ? (position, earlier) : (earlier, position)
            guard able.contains(pair.0),
                let joined = join(network.operations[pair.0], network.operations[pair.1], network)
            else { continue }
            result.operations[position] = joined
            result.operations[position].output = later.output
            removed.insert(earlier)
        }
        guard !removed.isEmpty else { return network }
        return renumbered(result, without: removed)
    }

    private static func uses(of value: Int, in network: FusedNetwork) -> Int {
        network.operations.reduce(0) { count, operation in
            count + (operation.input == value ? 1 : 0) + (operation.residual == value ? 1 : 0)
        }
    }

    private static func join(
        _ product: FusedOperation, _ shortcut: FusedOperation, _ network: FusedNetwork
    ) -> FusedOperation? {
        let (window, beside) = (product.window, shortcut.window)
        let image = network.shapes[shortcut.input]
        let output = network.shapes[product.output]
        guard product.kind == .convolution, shortcut.kind == .convolution, window.height == 3, window.strideY == 2,
            beside.height == 1, beside.width == 1, beside.strideY == 2, beside.strideX == 2, !beside.hasPadding,
            image.height == 2 * output.height, image.width == 2 * output.width, image.channels % 64 == 0,
            product.slopes == nil, shortcut.slopes == nil, shortcut.bias.classes == 1, shortcut.input > 0
        else { return nil }
        var joined = product
        joined.residual = nil
        joined.bias = product.bias.scaled(
            by: Array(repeating: 1, count: output.channels), shiftedBy: shortcut.bias.values)
        joined.shortcut = FusedOperation.Shortcut(input: shortcut.input, weights: shortcut.weights)
        return joined
    }

    private static func renumbered(_ network: FusedNetwork, without removed: Set<Int>) -> FusedNetwork {
        var numbers = [0: 0]
        var result = network
        result.shapes = [network.shapes[0]]
        result.operations = []
        for (position, operation) in network.operations.enumerated() where !removed.contains(position) {
            var kept = operation
            kept.input = numbers[operation.input] ?? 0
            kept.residual = operation.residual.map { numbers[$0] ?? 0 }
            kept.shortcut?.input = operation.shortcut.map { numbers[$0.input] ?? 0 } ?? 0
            kept.output = result.shapes.count
            numbers[operation.output] = kept.output
            result.shapes.append(network.shapes[operation.output])
            result.operations.append(kept)
        }
        result.embedding = numbers[network.embedding] ?? 0
        return result
    }
}

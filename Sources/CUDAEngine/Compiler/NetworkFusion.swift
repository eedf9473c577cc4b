/// Joins the steps of a network, so that an activation is written once and read as seldom as can be.
struct NetworkFusion {
    var network: FusedNetwork
    private(set) var removed = Set<Int>()

    /// The network with everything that stands alone put into the products beside it, where that changes no result.
    static func fused(_ network: FusedNetwork) -> FusedNetwork {
        var fusion = NetworkFusion(network: network)
        fusion.joinFollowers()
        fusion.shiftStoredValues()
        fusion.foldAffinesInFront()
        fusion.joinFollowers()
        return fusion.compacted()
    }

    private init(network: FusedNetwork) {
        self.network = network
    }

    /// Steps that take each value, as input or residual.
    func takers(of value: Int) -> [Int] {
        network.operations.indices.filter { position in
            !removed.contains(position)
                && (network.operations[position].input == value || network.operations[position].residual == value)
        }
    }

    /// Product → scale, activation or addition: the product does it while it stores.
    private mutating func joinFollowers() {
        for position in network.operations.indices where !removed.contains(position) {
            while joinFollower(position) {}
        }
    }

    private mutating func joinFollower(_ position: Int) -> Bool {
        let value = network.operations[position].output
        let takers = takers(of: value)
        guard takers.count == 1, value != network.embedding, takers[0] > position else { return false }
        let next = network.operations[takers[0]]
        guard next.kind == .depthwise, next.window == .point, next.input == value, next.residual != value else {
            return false
        }
        var joined = network.operations[position]
        if next.isAffine {
            guard joined.absorbBehind(scale: next.weights.values, shift: next.bias.values) else { return false }
        } else if next.hasIdentityProduct, next.residual == nil {
            guard joined.slopes == nil, joined.residual == nil, let slopes = next.slopes else { return false }
            joined.slopes = slopes
        } else if next.hasIdentityProduct, next.slopes == nil, let residual = next.residual {
            guard joined.residual == nil, isThere(residual, before: position) else { return false }
            joined.residual = residual
        } else {
            return false
        }
        joined.output = next.output
        network.operations[position] = joined
        removed.insert(takers[0])
        return true
    }

    private func isThere(_ value: Int, before position: Int) -> Bool {
        network.operations.indices.contains { place in
            !removed.contains(place) && place < position && network.operations[place].output == value
        }
    }

    /// Scale and shift → products: the products take what the scale took. It stays where something else takes its value.
    private mutating func foldAffinesInFront() {
        for position in network.operations.indices.reversed() where !removed.contains(position) {
            let affine = network.operations[position]
            guard affine.isAffine, affine.output != network.embedding else { continue }
            for taker in takers(of: affine.output) {
                var product = network.operations[taker]
                guard product.input == affine.output, product.residual != affine.output,
                    product.absorb(
                        scale: affine.weights.values, shift: affine.bias.values, of: network.shapes[product.input],
                        giving: network.shapes[product.output])
                else { continue }
                product.input = affine.input
                network.operations[taker] = product
            }
            if takers(of: affine.output).isEmpty { removed.insert(position) }
        }
    }

    /// The steps that are left, with the values numbered anew in their order.
    private func compacted() -> FusedNetwork {
        var numbers = [0: 0]
        var result = FusedNetwork(shapes: [network.shapes[0]])
        result.mean = network.mean
        for (position, operation) in network.operations.enumerated() where !removed.contains(position) {
            var kept = operation
            kept.input = numbers[operation.input] ?? 0
            kept.residual = operation.residual.map { numbers[$0] ?? 0 }
            kept.output = result.shapes.count
            numbers[operation.output] = kept.output
            result.shapes.append(network.shapes[operation.output])
            result.operations.append(kept)
        }
        result.embedding = numbers[network.embedding] ?? 0
        return result
    }
}

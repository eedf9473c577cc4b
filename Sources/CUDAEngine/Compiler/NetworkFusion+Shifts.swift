/// Moving the shift of a normalisation in front of padding into the value itself.
///
/// With `z = x + shift/scale` stored in place of `x`, `scale · x + shift` is `scale · z`, and the zeros around `z` are the zeros
/// around the normalised image: no bias differs at the borders. Who adds `x`, or takes it without padding, gets the difference
/// taken off its bias.
extension NetworkFusion {
    /// Beyond this |β/γ| the shift would drown the value in float16's rounding.
    private static let largestRelativeShift: Float = 8

    /// Does so wherever the value comes from a product without activation, whose bias can take the shift in.
    mutating func shiftStoredValues() {
        for position in network.operations.indices where !removed.contains(position) {
            let affine = network.operations[position]
            guard affine.isAffine, let relative = affine.relativeShift, relative <= Self.largestRelativeShift,
                takers(of: affine.output).contains(where: { network.operations[$0].window.hasPadding }),
                let producer = producer(of: affine.input), network.operations[producer].slopes == nil
            else { continue }
            let shift = zip(affine.bias.values, affine.weights.values).map { $0 / $1 }
            guard shift.allSatisfy({ $0.isFinite && abs($0) < 1000 }),
                let takers = shifted(takers: affine.input, by: shift)
            else { continue }
            network.operations[producer].add(shift)
            for (taker, operation) in takers { network.operations[taker] = operation }
        }
    }

    private func producer(of value: Int) -> Int? {
        guard value != 0, value != network.embedding else { return nil }
        return network.operations.indices.first { place in
            !removed.contains(place) && network.operations[place].output == value
        }
    }

    /// The steps that take a value as they are once it is shifted; nil if one of them can't be.
    private func shifted(takers value: Int, by shift: [Float]) -> [(Int, FusedOperation)]? {
        var result: [(Int, FusedOperation)] = []
        let less = shift.map { -$0 }
        for taker in takers(of: value) {
            var operation = network.operations[taker]
            if operation.isAffine, operation.residual == nil {
                operation.bias = .uniform(
                    zip(operation.bias.values, zip(operation.weights.values, shift)).map { bias, product in
                        let rest = Double(bias) - Double(product.0) * Double(product.1)
                        // What rounding leaves would bring the borders' biases back.
                        return abs(rest) <= 1e-6 * abs(Double(bias)) ? 0 : Float(rest)
                    })
            } else if operation.residual == value, operation.input != value, operation.slopes == nil {
                operation.add(less)
            } else if operation.input == value, operation.residual != value, !operation.window.hasPadding {
                let ones = Array(repeating: Float(1), count: shift.count)
                guard
                    operation.absorb(
                        scale: ones, shift: less, of: network.shapes[value], giving: network.shapes[operation.output])
                else { return nil }
            } else {
                return nil
            }
            result.append((taker, operation))
        }
        return result
    }
}

extension FusedOperation {
    /// Adds to what it gives; it has no activation.
    fileprivate mutating func add(_ shift: [Float]) {
        bias = bias.scaled(by: Array(repeating: 1, count: shift.count), shiftedBy: shift)
    }
}

internal import CCUDAEngine

extension WeightMatrix {
    /// The weights with input `i` moved to place `order[i]`; `order` is a permutation.
    func reorderingInputs(_ order: [Int]) -> WeightMatrix {
        guard order != Array(0..<inputs) else { return self }
        var moved = values
        for output in 0..<outputs {
            for input in 0..<inputs {
                for place in 0..<area {
                    moved[(output * inputs + order[input]) * area + place] =
                        values[(output * inputs + input) * area + place]
                }
            }
        }
        return WeightMatrix(moved, outputs: outputs, inputs: inputs, area: area)
    }

    /// The weights of a convolution in groups as those of one over all channels, with zeros between the groups.
    func expanding(groups: Int) -> WeightMatrix {
        let all = inputs * groups
        var dense = [Float](repeating: 0, count: outputs * all * area)
        for output in 0..<outputs {
            let group = output / (outputs / groups)
            let (source, target) = (output * inputs * area, (output * all + group * inputs) * area)
            dense.replaceSubrange(target..<target + inputs * area, with: values[source..<source + inputs * area])
        }
        return WeightMatrix(dense, outputs: outputs, inputs: all, area: area)
    }

    /// A row-major matrix with rows and columns exchanged.
    static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
            if let target = buffer.baseAddress { cce_transpose(values, rows, columns, target) }
            count = values.count
        }
    }
}

internal import CCUDAEngine

extension WeightMatrix {
    /// Numbers of a row of `convolution` weights: whole steps of 64.
    static func depth(of step: PlanStep) -> Int {
        step.kind == .stem ? 32 : (step.size * step.size * step.inputShape.channels).rounded(upTo: 64)
    }

    /// Writes the weights in a layout of the kernels, float16 and padded.
    func packed(as layout: PackedWeights.Layout, for step: PlanStep, into blob: inout WeightsBlob) -> PackedWeights {
        let channels = step.channels
        let place: (offset: Int, bytes: Int)
        switch layout {
        case .rows:
            let depth = Self.depth(of: step)
            // A fully connected layer's taps are the places of the image that it takes as one row.
            let tapWidth = step.kind == .stem ? inputs : step.size * step.size * step.inputShape.channels / area
            place = blob.append(halves: channels * depth) {
                cce_pack_rows(values, outputs, inputs, area, tapWidth, depth, $0)
            }
        case .depthwise:
            place = blob.append(halves: area * channels) { cce_pack_depthwise(values, outputs, area, channels, $0) }
        case .factors:
            let factors = values + Array(repeating: 0, count: channels - outputs)
            place = (blob.append(factors), factors.count * 4)
        case .blocks:
            place = blob.append(halves: outputs * inputs * area) {
                cce_pack_blocks(values, outputs, inputs, area, 0, $0)
            }
        }
        return PackedWeights(layout: layout, offset: place.offset, byteCount: place.bytes)
    }
}

internal import CCUDAEngine

extension WeightMatrix {
    /// Numbers of a row of `convolution` weights: whole steps of 64.
    static func depth(of step: PlanStep) -> Int {
        step.kind == .stem ? 32 : (step.size * step.size * step.inputShape.channels).rounded(upTo: 64)
    }

    /// Writes the weights in a layout of the kernels, padded.
    ///
    /// - Parameters:
    ///   - layout: which one.
    ///   - element: float16 or float32; factors are float32 in any case.
    ///   - step: the step whose they are.
    ///   - shortcut: the weights of a product beside this one, in blocks behind these.
    ///   - blob: where they go.
    /// - Returns: where they are.
    func packed(
        as layout: PackedWeights.Layout, of element: PlanValue.Element, for step: PlanStep,
        beside shortcut: WeightMatrix?, into blob: inout WeightsBlob
    ) -> PackedWeights {
        let channels = step.channels
        let place: (offset: Int, bytes: Int)
        switch layout {
        case .rows:
            let depth = Self.depth(of: step)
            // A fully connected layer's taps are the places of the image that it takes as one row.
            let tapWidth = step.kind == .stem ? inputs : step.size * step.size * step.inputShape.channels / area
            place = blob.append(channels * depth, element) {
                cce_pack_rows(values, outputs, inputs, area, tapWidth, depth, $0)
            }
        case .depthwise:
            place = blob.append(area * channels, element) {
                cce_pack_depthwise(values, outputs, area, channels, $0)
            }
        case .factors:
            let factors = values + Array(repeating: 0, count: channels - outputs)
            place = (blob.append(factors), factors.count * 4)
        case .blocks:
            let count = outputs * (inputs * area + (shortcut?.inputs ?? 0))
            place = blob.append(count, element) { target in
                cce_pack_blocks(values, outputs, inputs, area, 0, target)
                guard let shortcut else { return }
                cce_pack_blocks(shortcut.values, outputs, shortcut.inputs, 1, inputs / 64 * area, target)
            }
        }
        return PackedWeights(layout: layout, offset: place.offset, byteCount: place.bytes)
    }
}

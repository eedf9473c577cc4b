internal import CCUDAEngine

extension PlanInterpreter {
    /// The buffers of a run. The arena begins as NaN, so that what was never written can't pass for a number.
    struct Memory {
        private let plan: EnginePlan
        private let bucket: PlanBucket
        private let isFloat32: Bool
        private var arena: [UInt8]
        private var faces: [UInt8]
        private(set) var embeddings: [Float]
        private var padded: [Float] = []

        init(plan: EnginePlan, bucket: PlanBucket, faces: [UInt8]) {
            self.plan = plan
            self.bucket = bucket
            isFloat32 = plan.element == .float32
            // Not a number in float16 and in float32.
            arena = [UInt8](unsafeUninitializedCapacity: bucket.arenaByteCount) { buffer, count in
                buffer.initialize(repeating: 0xff)
                count = bucket.arenaByteCount
            }
            let size = plan.values[0].byteCount * bucket.batch
            self.faces = faces + Array(repeating: 0, count: size - faces.count)
            embeddings = Array(repeating: .nan, count: plan.embeddingWidth * bucket.batch)
        }

        /// A kernel reads and writes at once, so what it writes must be apart from what it reads.
        func check(_ step: PlanStep) throws(CUDAEngineError) {
            guard let output = range(step.output) else { return }
            let apart = [step.input, step.residual, step.shortcut].compactMap { $0 }
            for value in apart {
                guard let other = range(value), other.overlaps(output) else { continue }
                if value == step.residual, value != step.input, other == output { continue }
                throw CUDAEngineError(.engineDamaged, "writes over what it reads", at: step.name)
            }
        }

        private func range(_ value: Int) -> Range<Int>? {
            bucket.placements[value].map { $0..<$0 + plan.values[value].byteCount * bucket.batch }
        }

        mutating func run(_ step: PlanStep, _ constants: LayerConstants, face: Int, mean: Float) {
            let (input, output) = (step.inputShape, step.outputShape)
            let pitch = input.width + 2 * step.padding
            padded = Array(repeating: 0, count: (input.height + 2 * step.padding) * pitch * input.channels)
            pad(step, face: face, mean: mean)
            let addends = addends(step, constants, face: face)
            constants.weights.withUnsafeBufferPointer { weights in
                constants.bias.withUnsafeBufferPointer { bias in
                    (constants.slopes ?? []).withUnsafeBufferPointer { slopes in
                        guard let weights = weights.baseAddress, let bias = bias.baseAddress else { return }
                        var layer = cce_layer(
                            in_height: input.height, in_width: input.width, in_channels: input.channels,
                            out_height: output.height, out_width: output.width, out_channels: output.channels,
                            size: step.size, stride: step.stride, padding: step.padding, padded_width: pitch,
                            weights: weights, bias: bias,
                            slopes: constants.slopes == nil ? nil : slopes.baseAddress, addends: nil,
                            border: step.epilogue.contains(.border) ? 1 : 0, float32_output: isFloat32 ? 1 : 0)
                        addends.withUnsafeBufferPointer { addends in
                            layer.addends = step.shortcut == nil ? nil : addends.baseAddress
                            compute(step, &layer, face: face)
                        }
                    }
                }
            }
        }

        /// The sums of the product beside a step's own, in float32; empty without one.
        private func addends(_ step: PlanStep, _ constants: LayerConstants, face: Int) -> [Float] {
            guard let value = step.shortcut, let place = bucket.placements[value], let own = constants.shortcut else {
                return []
            }
            let (image, output) = (plan.values[value].shape, step.outputShape)
            var floats = [Float](repeating: 0, count: image.count)
            var sums = [Float](repeating: 0, count: output.count)
            let zeros = [Float](repeating: 0, count: output.channels)
            arena.withUnsafeBytes { arena in
                guard let base = arena.baseAddress else { return }
                cce_pad_image(
                    base + place + face * plan.values[value].byteCount, isFloat32 ? 1 : 0, image.height, image.width,
                    image.channels, 0, &floats)
            }
            own.withUnsafeBufferPointer { weights in
                zeros.withUnsafeBufferPointer { bias in
                    guard let weights = weights.baseAddress, let bias = bias.baseAddress else { return }
                    var layer = cce_layer(
                        in_height: image.height, in_width: image.width, in_channels: image.channels,
                        out_height: output.height, out_width: output.width, out_channels: output.channels, size: 1,
                        stride: step.stride, padding: 0, padded_width: image.width, weights: weights, bias: bias,
                        slopes: nil, addends: nil, border: 0, float32_output: 1)
                    cce_convolve(&layer, floats, nil, &sums)
                }
            }
            return sums
        }

        private mutating func pad(_ step: PlanStep, face: Int, mean: Float) {
            let input = step.inputShape
            if let place = bucket.placements[step.input] {
                let start = place + face * plan.values[step.input].byteCount
                arena.withUnsafeBytes { arena in
                    guard let base = arena.baseAddress else { return }
                    cce_pad_image(
                        base + start, isFloat32 ? 1 : 0, input.height, input.width, input.channels, step.padding,
                        &padded)
                }
            } else {
                faces.withUnsafeBufferPointer { faces in
                    guard let base = faces.baseAddress else { return }
                    cce_pad_bytes(
                        base + face * input.count, isFloat32 ? 1 : 0, input.height, input.width, step.padding,
                        [mean, mean, mean], &padded)
                }
            }
        }

        private mutating func compute(_ step: PlanStep, _ layer: inout cce_layer, face: Int) {
            let isDepthwise = step.kind == .depthwise || step.kind == .elementwise
            let residualPlace = step.residual.flatMap { bucket.placements[$0] }
            guard let place = bucket.placements[step.output] else {
                layer.float32_output = 1
                embeddings.withUnsafeMutableBufferPointer { embeddings in
                    guard let base = embeddings.baseAddress else { return }
                    cce_convolve(&layer, padded, nil, base + face * step.outputShape.count)
                }
                return
            }
            let start = face * plan.values[step.output].byteCount
            arena.withUnsafeMutableBytes { arena in
                guard let base = arena.baseAddress else { return }
                let output = base + place + start
                let residual = residualPlace.map { UnsafeRawPointer(base + $0 + start) }
                if isDepthwise {
                    cce_convolve_depthwise(&layer, padded, residual, output)
                } else {
                    cce_convolve(&layer, padded, residual, output)
                }
            }
        }
    }
}

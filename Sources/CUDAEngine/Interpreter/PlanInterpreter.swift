internal import CCUDAEngine

/// Runs a plan on the CPU as its kernels do on the GPU: from the packed weights, in the plan's own arena, with float32 sums and
/// activations rounded to the plan's element. Plain and slow; for tests.
package struct PlanInterpreter {
    private let plan: EnginePlan
    private let weights: [UInt8]
    /// Weights as the arithmetic wants them, by step and layout.
    private var unpacked: [[Int]: [Float]] = [:]

    /// - Throws: `engineDamaged` if the plan's ranges don't lie in the weights.
    package init(_ plan: EnginePlan, weights: [UInt8]) throws(CUDAEngineError) {
        try plan.validate()
        guard plan.weightsByteCount == weights.count else {
            throw CUDAEngineError(.engineDamaged, "the plan is for \(plan.weightsByteCount) bytes of weights")
        }
        self.plan = plan
        self.weights = weights
    }

    /// Embeds faces with the launches of a bucket; a batch is padded with black images, as on the GPU.
    ///
    /// - Parameters:
    ///   - faces: uint8 `[count, height, width, 3]`, BGR.
    ///   - number: the number of the bucket.
    /// - Returns: float32 `[count, width]`, as the network gives them.
    /// - Throws: `invalidArgument` for bytes that are no faces or too many; `engineDamaged` where values lie over each other.
    package mutating func embed(_ faces: [UInt8], bucket number: Int) throws(CUDAEngineError) -> [Float] {
        let bucket = plan.buckets[number]
        let size = plan.values[0].byteCount
        let count = faces.count / size
        guard faces.count == count * size, count <= bucket.batch else {
            throw CUDAEngineError(.invalidArgument, "\(faces.count) bytes are no batch of up to \(bucket.batch) faces")
        }
        var memory = Memory(plan: plan, bucket: bucket, faces: faces)
        for launch in bucket.launches {
            let step = plan.steps[launch.step]
            try memory.check(step)
            var layer = layer(step, step.weights[launch.weights], key: [launch.step, launch.weights])
            if let shortcut = step.shortcut {
                layer.shortcut = shortcutWeights(step, shortcut, step.weights[launch.weights])
            }
            for face in 0..<bucket.batch { memory.run(step, layer, face: face, mean: plan.mean) }
        }
        return Array(memory.embeddings.prefix(count * plan.embeddingWidth))
    }

    /// A step's constants, read from where the plan says.
    private mutating func layer(_ step: PlanStep, _ packed: PackedWeights, key: [Int]) -> LayerConstants {
        let values = unpacked[key] ?? unpack(step, packed)
        unpacked[key] = values
        let classes = step.epilogue.contains(.border) ? 9 : 1
        return LayerConstants(
            weights: values, bias: floats(at: step.biasOffset, count: classes * step.channels),
            slopes: step.slopeOffset.map { floats(at: $0, count: step.channels) })
    }

    /// `[inputs][outputs]` of the product beside a step's own, which lies in blocks behind it.
    private func shortcutWeights(_ step: PlanStep, _ value: Int, _ packed: PackedWeights) -> [Float] {
        let inputs = plan.values[value].shape.channels
        var values = [Float](repeating: 0, count: inputs * step.channels + 32)
        cce_unpack_blocks(
            numbers(packed), step.channels, inputs, 1, step.inputShape.channels / 64 * 9, &values)
        return values
    }

    private func floats(at offset: Int, count: Int) -> [Float] {
        weights.withUnsafeBytes { bytes in
            (0..<count).map { bytes.loadUnaligned(fromByteOffset: offset + $0 * 4, as: Float.self) }
        }
    }

    /// Packed weights as they lie there.
    private func numbers(_ packed: PackedWeights) -> [Float] {
        guard plan.element == .float16, packed.layout != .factors else {
            return floats(at: packed.offset, count: packed.byteCount / 4)
        }
        let count = packed.byteCount / 2
        return weights.withUnsafeBytes { bytes in
            [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
                if let start = bytes.baseAddress, let target = buffer.baseAddress {
                    cce_halves_to_floats(
                        (start + packed.offset).assumingMemoryBound(to: UInt16.self), count, target)
                }
                initialized = count
            }
        }
    }

    /// `[tap][inputs][outputs]`, with room behind for vectors that reach over the end.
    private func unpack(_ step: PlanStep, _ packed: PackedWeights) -> [Float] {
        let area = step.size * step.size
        let inputs = step.kind == .convolution || step.kind == .stem ? step.inputShape.channels : 1
        var values = [Float](repeating: 0, count: area * inputs * step.channels + 32)
        let numbers = numbers(packed)
        switch packed.layout {
        case .rows: cce_unpack_rows(numbers, step.channels, inputs, area, WeightMatrix.depth(of: step), &values)
        case .depthwise, .factors: values.replaceSubrange(0..<numbers.count, with: numbers)
        case .blocks: cce_unpack_blocks(numbers, step.channels, inputs, area, 0, &values)
        }
        return values
    }
}

/// A step's constants as the arithmetic wants them.
struct LayerConstants {
    var weights: [Float]
    var bias: [Float]
    var slopes: [Float]?
    /// The weights of the product beside it, if there is one.
    var shortcut: [Float]?
}

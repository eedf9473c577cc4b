/// Checks of a plan that was read from a file: every number is used as an index, an offset or an extent somewhere.
extension EnginePlan {
    /// The largest extent of anything.
    private static let limit = 1 << 20
    /// The largest offset or size in bytes.
    private static let byteLimit = 1 << 40

    /// Checks that the plan is consistent, and that everything it refers to lies where it may.
    ///
    /// - Throws: `engineDamaged` saying what isn't as it must be.
    package func validate() throws(CUDAEngineError) {
        try require(!steps.isEmpty && values.count >= 2 && !buckets.isEmpty, "it has no steps")
        try require(
            mean.isFinite && [.float16, .float32].contains(element) && (0..<Self.byteLimit).contains(weightsByteCount)
                && values[0].element == .uint8
                && values[0].shape == ActivationShape(imageHeight, imageWidth, 3)
                && values[embedding].element == .float32
                && values[embedding].shape == ActivationShape(1, 1, embeddingWidth), "image or embedding is impossible")
        for shape in values.map(\.shape) + steps.flatMap({ [$0.inputShape, $0.outputShape] }) {
            try require(
                [shape.height, shape.width, shape.channels].allSatisfy { (1...Self.limit).contains($0) }
                    && shape.height * shape.width <= Self.limit, "a value of \(shape)")
        }
        try checkSteps()
        for (place, bucket) in buckets.enumerated() {
            try require(
                (1...65_535).contains(bucket.batch) && (place == 0 || buckets[place - 1].batch < bucket.batch),
                "a bucket of \(bucket.batch) faces")
            try check(bucket)
        }
    }

    func require(_ isRight: Bool, _ what: @autoclosure () -> String) throws(CUDAEngineError) {
        guard !isRight else { return }
        throw CUDAEngineError(.engineDamaged, "the plan is damaged: \(what())", mend: "build the engine again")
    }

    private func checkSteps() throws(CUDAEngineError) {
        var given: Set<Int> = [0]
        for step in steps {
            try require(
                given.contains(step.input) && step.residual.map { given.contains($0) && $0 > 0 } ?? true
                    && values.indices.contains(step.output) && given.insert(step.output).inserted,
                "'\(step.name)' takes what nothing gives")
            try require(
                step.inputShape.count == values[step.input].shape.count
                    && step.outputShape.count == values[step.output].shape.count
                    && step.residual.map { values[$0].shape == values[step.output].shape } ?? true,
                "'\(step.name)' has operands of other sizes")
            if let shortcut = step.shortcut { try check(shortcut, of: step, given) }
            try checkWindow(step)
            try checkConstants(step)
        }
        try require(given.count == values.count, "a value is never given")
    }

    /// A product beside the first takes every second place of an image twice the size of the output, in blocks alone.
    private func check(_ shortcut: Int, of step: PlanStep, _ given: Set<Int>) throws(CUDAEngineError) {
        try require(
            given.contains(shortcut) && shortcut > 0 && shortcut != step.output && step.residual == nil
                && step.kind == .convolution && step.size == 3 && step.stride == 2
                && values[shortcut].shape.height == 2 * step.outputShape.height
                && values[shortcut].shape.width == 2 * step.outputShape.width
                && values[shortcut].shape.channels % 64 == 0 && step.weights.allSatisfy { $0.layout == .blocks },
            "'\(step.name)' has an impossible shortcut")
    }

    private func checkWindow(_ step: PlanStep) throws(CUDAEngineError) {
        try require(
            (1...64).contains(step.size) && (1...16).contains(step.stride) && (0..<step.size).contains(step.padding)
                && step.epilogue.isSubset(of: .known)
                && step.epilogue.contains(.residual) == (step.residual != nil)
                && step.epilogue.contains(.prelu) == (step.slopeOffset != nil)
                && (step.kind == .stem) == (step.input == 0)
                && step.epilogue.contains(.float32Output) == (step.output == embedding)
                && (step.kind == .convolution || step.output != embedding)
                && (step.kind != .elementwise || step.size == 1 && step.stride == 1),
            "'\(step.name)' is no step")
        let window = Window(
            height: step.size, width: step.size, strideY: step.stride, strideX: step.stride, top: step.padding,
            left: step.padding, bottom: step.padding, right: step.padding)
        let size = window.output(of: step.inputShape)
        try require(
            size?.height == step.outputShape.height && size?.width == step.outputShape.width,
            "'\(step.name)' can't give \(step.outputShape) of \(step.inputShape)")
        try require(
            ![.depthwise, .elementwise].contains(step.kind) || step.inputShape.channels == step.channels,
            "'\(step.name)' changes the channels")
    }

    private func checkConstants(_ step: PlanStep) throws(CUDAEngineError) {
        let biases = step.channels * (step.epilogue.contains(.border) ? 9 : 1)
        var ranges = [(step.biasOffset, biases * 4)]
        if let slopes = step.slopeOffset { ranges.append((slopes, step.channels * 4)) }
        try require(!step.weights.isEmpty && step.weights.count <= 4, "'\(step.name)' has no weights")
        for packed in step.weights {
            try require(packed.byteCount == byteCount(of: packed.layout, step), "'\(step.name)' has other weights")
            ranges.append((packed.offset, packed.byteCount))
        }
        for (offset, count) in ranges {
            try require(
                offset >= 0 && offset % 256 == 0 && offset <= weightsByteCount && count <= weightsByteCount - offset,
                "'\(step.name)' has constants outside the weights")
        }
    }

    /// Bytes of a step's weights in a layout; nil if the kernel of that layout doesn't do such a step.
    private func byteCount(of layout: PackedWeights.Layout, _ step: PlanStep) -> Int? {
        let area = step.size * step.size
        switch (layout, step.kind) {
        case (.rows, .stem), (.rows, .convolution):
            return step.channels * WeightMatrix.depth(of: step) * element.byteCount
        case (.depthwise, .depthwise): return area * step.channels * element.byteCount
        case (.factors, .elementwise): return step.channels * 4
        case (.blocks, .convolution):
            guard element == .float16, step.channels % 64 == 0, step.inputShape.channels % 64 == 0 else { return nil }
            let beside = step.shortcut.map { values[$0].shape.channels } ?? 0
            return (area * step.inputShape.channels + beside) * step.channels * 2
        default: return nil
        }
    }
}

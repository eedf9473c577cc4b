/// Writes a network's operations as steps of a plan: channels padded, windows checked, constants packed.
struct StepLowering {
    private let network: FusedNetwork
    /// What activations and weights are made of: float16 or float32.
    private let element: PlanValue.Element
    private(set) var values: [PlanValue]
    private(set) var steps: [PlanStep] = []

    /// The steps without constants, which `pack` adds once it is known in which layouts kernels want them.
    ///
    /// - Throws: `unsupportedOperator` for a window that no kernel has, `unusableWeights` for numbers beyond `element`.
    init(_ network: FusedNetwork, _ element: PlanValue.Element) throws(CUDAEngineError) {
        self.network = network
        self.element = element
        values = network.shapes.enumerated().map { number, shape in
            let padded = ActivationShape(shape.height, shape.width, shape.channels.rounded(upTo: 8))
            return number == 0
                ? PlanValue(shape: shape, element: .uint8) : PlanValue(shape: padded, element: element)
        }
        for operation in network.operations { steps.append(try step(operation)) }
        try checkEnd()
        values[network.embedding].element = .float32
        steps[steps.count - 1].epilogue.insert(.float32Output)
    }

    private func step(_ operation: FusedOperation) throws(CUDAEngineError) -> PlanStep {
        let window = operation.window
        let largest = max(operation.weights.largest, operation.shortcut?.weights.largest ?? 0)
        let isHalf = element == .float16
        guard largest <= (isHalf ? 65504 : .greatestFiniteMagnitude), operation.bias.values.allSatisfy(\.isFinite)
        else {
            throw CUDAEngineError(
                .unusableWeights, "a weight is \(largest), beyond \(isHalf ? "float16" : "float32")",
                at: operation.name,
                mend: isHalf && largest.isFinite ? "use --precision fp32" : "export the model again")
        }
        var step = PlanStep(
            name: operation.name, kind: .convolution, input: operation.input, output: operation.output,
            residual: operation.residual, shortcut: operation.shortcut?.input,
            inputShape: values[operation.input].shape,
            outputShape: values[operation.output].shape, size: window.height, stride: window.strideY,
            padding: window.top, epilogue: [], weights: [], biasOffset: 0, slopeOffset: nil)
        if operation.slopes != nil { step.epilogue.insert(.prelu) }
        if operation.residual != nil { step.epilogue.insert(.residual) }
        if operation.bias.classes > 1 { step.epilogue.insert(.border) }
        switch operation.kind {
        case .stem: step.kind = .stem
        case .convolution: step.kind = .convolution
        case .depthwise: step.kind = operation.window == .point ? .elementwise : .depthwise
        case .fullyConnected:
            step.inputShape = ActivationShape(1, 1, step.inputShape.count)
            (step.size, step.stride, step.padding) = (1, 1, 0)
        }
        try check(step, operation)
        return step
    }

    /// What the kernels have been written for.
    private func check(_ step: PlanStep, _ operation: FusedOperation) throws(CUDAEngineError) {
        let window = operation.window
        let isWhole = operation.kind == .fullyConnected
        let isSymmetric = Set([window.top, window.left, window.bottom, window.right]).count == 1
        let isSquare = window.height == window.width && window.strideY == window.strideX
        guard isWhole || isSymmetric && isSquare else {
            throw unsupported(operation, "its window isn't square, or its padding differs from side to side")
        }
        let isPossible =
            switch step.kind {
            case .stem: step.size == 3 && step.padding == 1 && step.stride <= 2 && step.channels <= 128
            case .convolution: [1, 3, 5, 7].contains(step.size) && step.padding < step.size
            case .depthwise: step.size % 2 == 1 && step.size <= 15 && step.padding < step.size
            case .elementwise: true
            }
        guard isPossible else {
            throw unsupported(
                operation, "no kernel has a window of \(step.size)×\(step.size) with stride \(step.stride) for it")
        }
    }

    private func checkEnd() throws(CUDAEngineError) {
        guard let last = network.operations.last, last.output == network.embedding,
            last.kind == .fullyConnected, last.residual == nil, network.embeddingWidth % 8 == 0
        else {
            throw CUDAEngineError(
                .unsupportedOperator,
                "the embedding doesn't come from a fully connected layer of a multiple of 8 numbers",
                at: network.operations.last?.name ?? "", mend: "use --runtime tensorrt or onnxruntime for this model")
        }
        if let reader = network.operations.first(where: {
            $0.input == last.output || $0.residual == last.output || $0.shortcut?.input == last.output
        }) {
            throw unsupported(reader, "it takes the embedding")
        }
    }

    private func unsupported(_ operation: FusedOperation, _ why: String) -> CUDAEngineError {
        CUDAEngineError(
            .unsupportedOperator, why, at: operation.name,
            mend: "use --runtime tensorrt or onnxruntime for this model")
    }

    /// Adds a step's constants to the blob.
    ///
    /// - Parameters:
    ///   - position: the step's.
    ///   - layouts: those in which kernels want its weights.
    ///   - blob: where they go.
    mutating func pack(_ position: Int, _ layouts: Set<PackedWeights.Layout>, into blob: inout WeightsBlob) {
        let operation = network.operations[position]
        var step = steps[position]
        for layout in layouts.sorted(by: { $0.rawValue < $1.rawValue }) {
            step.weights.append(
                operation.weights.packed(
                    as: layout, of: element, for: step, beside: operation.shortcut?.weights, into: &blob))
        }
        let classes = operation.bias.classes
        step.biasOffset = blob.append((0..<classes).flatMap { padded(operation.bias.addends(ofClass: $0), step) })
        step.slopeOffset = operation.slopes.map { blob.append(padded($0[...], step)) }
        steps[position] = step
    }

    private func padded(_ values: ArraySlice<Float>, _ step: PlanStep) -> [Float] {
        values + Array(repeating: 0, count: step.channels - values.count)
    }
}

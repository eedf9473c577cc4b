/// Writes 8-bit forms of one float32 graph, any choice of its layers at a time. Weights are quantised once for all of them.
package struct Int8Builder: Sendable {
    /// The oldest opset whose `DequantizeLinear` knows a scale for each channel.
    static let minimumOpset: Int64 = 13

    /// What can be quantised and was measured, in the graph's order.
    package let units: [String]
    /// Layers and additions that can't be quantised, with the reason.
    package let impossible: [(unit: String, reason: String)]

    let model: Model
    let layout: Int8Layout
    let thresholds: ActivationThresholds
    let weights: [String: Int8Weights]
    let biases: [String: Tensor]

    /// Quantises the weights.
    ///
    /// - Parameters:
    ///   - model: a prepared float32 model with PReLUs as its exporter wrote them.
    ///   - layout: what `Int8Layout` found in its graph.
    ///   - thresholds: of all values that the layout wants measured.
    /// - Throws: `unsupportedOpset` below 13, `invalidTensor` for weights whose bytes don't fit their shapes.
    package init(
        _ model: Model, layout: Int8Layout, thresholds: ActivationThresholds
    ) throws(ONNXModelError) {
        try model.requireOpset(Self.minimumOpset)
        let index = GraphIndex(model.graph)
        var weights: [String: Int8Weights] = [:]
        var biases: [String: Tensor] = [:]
        var impossible: [String: String] = [:]
        for layer in layout.layers {
            guard let scale = thresholds.scale(layer.input) else {
                impossible[layer.output] = "it takes numbers that are not finite"
                continue
            }
            let isOutput = index.outputs.contains(layer.output)
            if layout.target.quantizesOutputs, !isOutput, thresholds.scale(layer.output) == nil {
                impossible[layer.output] = "it gives numbers that are not finite"
                continue
            }
            guard let slot = index.initializer[layer.weights] else { continue }
            let bias = try layer.bias.flatMap { index.initializer[$0] }
                .map { slot throws(ONNXModelError) in try model.graph.initializers[slot].floats() }
            guard bias?.allSatisfy(\.isFinite) ?? true,
                let quantized = try Int8Weights(
                    model.graph.initializers[slot], axis: layer.axis,
                    leastScales: layout.target.quantizesBiases ? Self.leastScales(bias, inputScale: scale) : [])
            else {
                impossible[layer.output] = "its weights are not finite"
                continue
            }
            weights[layer.output] = quantized
            guard let bias, layout.target.quantizesBiases else { continue }
            biases[layer.output] = Self.integers(bias, scales: quantized.scales.map { $0 * scale })
        }
        for residual in layout.residuals where thresholds.scale(residual.shortcut) == nil {
            impossible[residual.output] = "it takes numbers that are not finite"
        }
        self.model = model
        self.layout = layout
        self.thresholds = thresholds
        self.weights = weights
        self.biases = biases
        units = layout.units.filter { impossible[$0] == nil }
        self.impossible = layout.units.compactMap { unit in impossible[unit].map { (unit, $0) } }
    }

    /// Writes the graph with everything in 8 bits but `kept`.
    ///
    /// - Parameter kept: units that stay in float32, by the names of their outputs.
    /// - Returns: the model; its metadata is that of the source.
    /// - Throws: `invalidTensor` for constants whose bytes don't fit their shapes.
    package func model(keeping kept: Set<String>) throws(ONNXModelError) -> Model {
        var rewriter = Int8Rewriter(self, active: Set(units).subtracting(kept))
        var result = model
        result.graph = try rewriter.rewritten()
        _ = try GraphPass.unusedInitializers.run(&result)
        try result.graph.validate()
        return result
    }

    /// Scales of weights at which the bias still fits into the int32 that sums have, with a bit to spare.
    private static func leastScales(_ bias: [Float]?, inputScale: Float) -> [Float] {
        bias?.map { abs($0) / inputScale / 0x1p30 } ?? []
    }

    private static func integers(_ bias: [Float], scales: [Float]) -> Tensor {
        let storage = ByteStorage(count: bias.count * 4) { bytes in
            for (place, value) in bias.enumerated() {
                let steps = (Double(value) / Double(scales[place])).rounded(.toNearestOrEven)
                let integer = Int32(max(min(steps, 0x1p31 - 1), -0x1p31))
                bytes.storeBytes(of: integer.littleEndian, toByteOffset: place * 4, as: Int32.self)
            }
        }
        return Tensor(name: "", type: .int32, dims: [bias.count], storage: .raw(ByteSlice(storage)))
    }
}

extension Int8Builder {
    /// Each unit's operator and name, for people, by the name of its output.
    package var texts: [String: String] { layout.texts }
}

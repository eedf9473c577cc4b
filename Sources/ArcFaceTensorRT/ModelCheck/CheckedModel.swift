import ONNXModel

/// One side of a comparison: a model prepared as the reference is, so that nothing but the model itself differs.
struct CheckedModel: Sendable {
    let path: String
    let model: PreparedModel
    /// What the prepared graph computes in.
    let precision: Precision

    /// Reads and prepares a model; one that is prepared already stays as it is.
    ///
    /// - Throws: `ArcFaceError` if the file is missing or no face model.
    init(path: String, configuration: ArcFaceConfiguration) throws(ArcFaceError) {
        self.path = path
        do throws(ONNXModelError) {
            // What the configuration says of preprocessing is for models that don't say it themselves.
            let isPrepared = try Model.read(path: path)[metadata: "arcface.prepared"] != nil
            model = try FaceModel.prepare(
                path: path, preprocessing: isPrepared ? nil : configuration.preprocessing.explicit, target: .reference)
        } catch {
            throw ArcFaceError(error)
        }
        precision = Self.precision(of: model.model.graph)
    }

    /// The same model in another precision; nil where that takes more than the file, as int8 does.
    ///
    /// - Throws: `ArcFaceError` if the graph can't be converted.
    func converted(to wanted: Precision) throws(ArcFaceError) -> CheckedModel? {
        guard wanted != precision else { return self }
        guard precision == .fp32, wanted == .fp16 else { return nil }
        do throws(ONNXModelError) {
            return CheckedModel(path: path, model: try model.converted(to: .fp16), precision: .fp16)
        } catch {
            throw ArcFaceError(error)
        }
    }

    private init(path: String, model: PreparedModel, precision: Precision) {
        self.path = path
        self.model = model
        self.precision = precision
    }

    /// The coarsest number format that a graph computes in.
    static func precision(of graph: Graph) -> Precision {
        let quantized: Set = ["QuantizeLinear", "DequantizeLinear", "ConvInteger", "MatMulInteger"]
        if graph.nodes.contains(where: { quantized.contains($0.op) || $0.op.hasPrefix("QLinear") }) { return .int8 }
        let halves: Set<ElementType> = [.float16, .bfloat16]
        let castsToHalf = graph.nodes.contains { node in
            node.isOperator("Cast") && node.int("to").map { [10, 16].contains($0) } ?? false
        }
        return castsToHalf || graph.initializers.contains { halves.contains($0.type) } ? .fp16 : .fp32
    }
}

extension Precision {
    /// The coarser of two formats, which decides what agreement can be expected.
    static func coarser(_ first: Precision, _ second: Precision) -> Precision {
        let order: [Precision] = [.fp32, .fp16, .int8]
        return order.last { $0 == first || $0 == second } ?? first
    }

    /// The relative L2 error of a layer that rounding in this format doesn't reach.
    ///
    /// Measured on trained and random networks: float32 1e-6, float16 1e-3 to 1e-2, int8 up to 0.2.
    var layerThreshold: Double {
        switch self {
        case .fp32: 0.001
        case .fp16: 0.02
        case .int8: 0.25
        }
    }
}

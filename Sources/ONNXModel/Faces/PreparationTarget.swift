/// For whom a graph is prepared. All targets give the same embeddings within rounding.
package enum PreparationTarget: String, Sendable, CaseIterable {
    /// The graph that others are measured against: repaired, nothing rewritten for speed.
    case reference
    /// Any runtime, TensorRT among them: as `reference`.
    case portable
    /// ONNX Runtime's CPU provider.
    case onnxruntimeCPU = "onnxruntime-cpu"

    /// What is done to the graph behind the head.
    var passes: [GraphPass] {
        switch self {
        case .reference, .portable: []
        case .onnxruntimeCPU: GraphPass.onnxruntimeCPU
        }
    }
}

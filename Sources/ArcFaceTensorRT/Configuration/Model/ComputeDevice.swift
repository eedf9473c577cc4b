/// Where ONNX Runtime computes.
public enum ComputeDevice: String, Sendable, CaseIterable {
    /// The processor.
    case cpu
    /// An NVIDIA GPU, through ONNX Runtime's CUDA execution provider.
    case cuda
}

/// What computes the embeddings. Raw values are the spellings used in YAML, in the environment and on the command line.
public enum Backend: String, Sendable, CaseIterable {
    /// The first of `tensorrt`, `tensorrt-rtx`, `cuda` and `onnxruntime` that works on this machine.
    case auto
    /// NVIDIA TensorRT.
    case tensorRT = "tensorrt"
    /// NVIDIA TensorRT for RTX.
    case tensorRTRTX = "tensorrt-rtx"
    /// This package's own kernels, which need the NVIDIA driver alone.
    case cuda
    /// ONNX Runtime.
    case onnxRuntime = "onnxruntime"
    /// A Python process with PyTorch, the reference implementation.
    case pyTorch = "pytorch"

    /// True if the backend can't run without loading an NVIDIA library.
    public var needsNVIDIALibraries: Bool {
        switch self {
        case .tensorRT, .tensorRTRTX, .cuda: true
        case .auto, .onnxRuntime, .pyTorch: false
        }
    }
}

/// `onnxruntime`: the ONNX Runtime library and how it computes.
public struct ONNXRuntimeConfiguration: Sendable, Equatable {
    /// `onnxruntime.library_path`: `libonnxruntime.so`; nil searches the loader's path and pip's folders.
    public var libraryPath: String?
    /// `onnxruntime.threads`: threads that one inference may use, 0 to 1024; 0 is one for each core.
    public var threads: Int
    /// `onnxruntime.device`: where it computes.
    public var device: ComputeDevice
    /// `onnxruntime.precision`: the number format that it computes in; nil is the model's own, float32 for a model that wasn't prepared in
    /// another. Apart from `tensorrt.precision`, as a CPU computes float16 no faster.
    public var precision: Precision?

    /// Makes the settings; what isn't given has its default.
    public init(libraryPath: String? = nil, threads: Int = 0, device: ComputeDevice = .cpu, precision: Precision? = nil)
    {
        self.libraryPath = libraryPath
        self.threads = threads
        self.device = device
        self.precision = precision
    }
}

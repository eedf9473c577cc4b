/// `onnxruntime`: the ONNX Runtime library and how it computes.
public struct ONNXRuntimeConfiguration: Sendable, Equatable {
    /// `onnxruntime.library_path`: `libonnxruntime.so`; nil searches the loader's path and pip's folders.
    public var libraryPath: String?
    /// `onnxruntime.threads`: threads that one inference may use, 0 to 1024; 0 is one for each core.
    public var threads: Int
    /// `onnxruntime.device`: where it computes.
    public var device: ComputeDevice

    /// Makes the settings; what isn't given has its default.
    public init(libraryPath: String? = nil, threads: Int = 0, device: ComputeDevice = .cpu) {
        self.libraryPath = libraryPath
        self.threads = threads
        self.device = device
    }
}

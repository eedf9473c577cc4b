/// Every setting of the package. The defaults are what runs when nothing is configured.
///
/// The YAML keys mirror this structure: `configuration.tensorRT.maxBatchSize` is `tensorrt.max_batch_size`. Paths of
/// files stay as they were written; a relative one is relative to the working directory of the process, never to the
/// file that it was written in.
public struct ArcFaceConfiguration: Sendable, Equatable {
    /// `arcface_tensorrt.enabled`: false is the rollback switch. It runs ``EmbeddingConfiguration/fallback`` and
    /// loads no NVIDIA library.
    public var isEnabled: Bool
    /// `embedding`: which backend computes embeddings.
    public var embedding: EmbeddingConfiguration
    /// `tensorrt`: the model and the engines built from it.
    public var tensorRT: TensorRTConfiguration
    /// `comparison`: when an engine agrees with the reference.
    public var comparison: ComparisonConfiguration
    /// `benchmark`: what is measured.
    public var benchmark: BenchmarkConfiguration
    /// `preprocessing`: how the model wants its pixels, where that is not detected.
    public var preprocessing: PreprocessingConfiguration
    /// `detection`: the face detector.
    public var detection: DetectionConfiguration
    /// `input`: limits on what is read.
    public var input: InputConfiguration
    /// `onnxruntime`: the ONNX Runtime library.
    public var onnxRuntime: ONNXRuntimeConfiguration
    /// `pytorch`: the Python that runs the reference.
    public var pyTorch: PyTorchConfiguration
    /// `storage`: where a team shares its engines.
    public var storage: StorageConfiguration

    /// Makes a configuration in which everything that isn't given has its default.
    public init(
        isEnabled: Bool = true, embedding: EmbeddingConfiguration = .init(), tensorRT: TensorRTConfiguration = .init(),
        comparison: ComparisonConfiguration = .init(), benchmark: BenchmarkConfiguration = .init(),
        preprocessing: PreprocessingConfiguration = .init(), detection: DetectionConfiguration = .init(),
        input: InputConfiguration = .init(), onnxRuntime: ONNXRuntimeConfiguration = .init(),
        pyTorch: PyTorchConfiguration = .init(), storage: StorageConfiguration = .init()
    ) {
        self.isEnabled = isEnabled
        self.embedding = embedding
        self.tensorRT = tensorRT
        self.comparison = comparison
        self.benchmark = benchmark
        self.preprocessing = preprocessing
        self.detection = detection
        self.input = input
        self.onnxRuntime = onnxRuntime
        self.pyTorch = pyTorch
        self.storage = storage
    }
}

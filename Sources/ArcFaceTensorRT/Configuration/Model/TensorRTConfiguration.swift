/// `tensorrt`: the model, and how engines are built from it.
public struct TensorRTConfiguration: Sendable, Equatable {
    /// `tensorrt.model_name`: names the model in file names, such as `arcface_r100-fp16-sm86.plan`. 1 to 128 letters,
    /// digits, dots, hyphens and underscores, not starting with a dot or a hyphen.
    public var modelName: String
    /// `tensorrt.onnx_path` as written: the ONNX file, in which `{model_name}` stands for ``modelName``.
    public var onnxPathPattern: String
    /// `tensorrt.precision`: the number format of engines.
    public var precision: Precision
    /// `tensorrt.max_batch_size`: the most faces that an engine takes at once, 1 to 4096. Larger batches are split.
    public var maxBatchSize: Int
    /// `tensorrt.workspace_size_mb`: the most GPU memory that a builder may use as scratch space, in MiB, 1 to 1048576.
    public var workspaceSizeMB: Int
    /// `tensorrt.engine_local_dir`: the folder that holds built engines.
    public var engineLocalDirectory: String
    /// `tensorrt.gpus`: the numbers of the GPUs that run the engine, as CUDA_VISIBLE_DEVICES counts them; one or more,
    /// each once. Engines are built on the first.
    public var gpus: [Int]
    /// `tensorrt.library_path`: libnvinfer or libtensorrt_rtx, or a folder that holds one; nil searches for them.
    public var libraryPath: String?
    /// `tensorrt.accept`: whether a new engine is compared with the reference before it gets its name, where a reference, faces
    /// and a GPU to run it are there.
    public var accept: Bool

    /// The ONNX file: ``onnxPathPattern`` with the model's name filled in. Setting it replaces the pattern.
    public var onnxPath: String {
        get { onnxPathPattern.replacing("{model_name}", with: modelName) }
        set { onnxPathPattern = newValue }
    }

    /// Makes the settings; what isn't given has its default.
    public init(
        modelName: String = "arcface_r100", onnxPathPattern: String = "models/{model_name}.onnx",
        precision: Precision = .fp16, maxBatchSize: Int = 32, workspaceSizeMB: Int = 4096,
        engineLocalDirectory: String = "data/engines", gpus: [Int] = [0], libraryPath: String? = nil,
        accept: Bool = true
    ) {
        self.modelName = modelName
        self.onnxPathPattern = onnxPathPattern
        self.precision = precision
        self.maxBatchSize = maxBatchSize
        self.workspaceSizeMB = workspaceSizeMB
        self.engineLocalDirectory = engineLocalDirectory
        self.gpus = gpus
        self.libraryPath = libraryPath
        self.accept = accept
    }
}

/// `pytorch`: the Python that runs the reference, and what it runs.
public struct PyTorchConfiguration: Sendable, Equatable {
    /// `pytorch.python`: the Python interpreter that has torch; nil is the first that has it of `.deps/venv/bin/python`, `python3` in `PATH`
    /// and `/usr/bin/python3`.
    public var python: String?
    /// `pytorch.device`: where it computes.
    public var device: ComputeDevice
    /// `pytorch.mode`: how it computes.
    public var mode: PyTorchMode
    /// `pytorch.checkpoint`: original weights (`torch.save` of a state dictionary) to run in place of `tensorrt.onnx_path`; nil runs the
    /// repaired ONNX graph.
    public var checkpoint: String?
    /// `pytorch.arch`: the architecture of the checkpoint; nil tells it by the names of the weights.
    public var architecture: PyTorchArchitecture?

    /// Makes the settings; what isn't given has its default.
    public init(
        python: String? = nil, device: ComputeDevice = .cpu, mode: PyTorchMode = .fp32, checkpoint: String? = nil,
        architecture: PyTorchArchitecture? = nil
    ) {
        self.python = python
        self.device = device
        self.mode = mode
        self.checkpoint = checkpoint
        self.architecture = architecture
    }
}

/// How PyTorch computes. Raw values are the spellings used in YAML.
public enum PyTorchMode: String, Sendable, CaseIterable {
    /// Strict float32: no TF32 anywhere. The reference.
    case fp32
    /// PyTorch's own default on a GPU: TF32 in convolutions, float32 elsewhere.
    case tf32
    /// float16 weights and values, channels last. GPUs only.
    case fp16
    /// The same through `torch.compile`, with CUDA graphs. GPUs and torch 2 only; the first batch of each size takes a minute.
    case compileFP16 = "compile-fp16"
}

/// The published ArcFace architectures whose checkpoints can be run.
public enum PyTorchArchitecture: String, Sendable, CaseIterable {
    /// IResNet-18.
    case r18
    /// IResNet-34.
    case r34
    /// IResNet-50.
    case r50
    /// IResNet-100.
    case r100
    /// IResNet-200.
    case r200
    /// MobileFaceNet as InsightFace trains it.
    case mbf
}

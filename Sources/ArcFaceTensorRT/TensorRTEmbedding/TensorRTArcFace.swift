package import EngineStore
public import FaceImages

/// An ArcFace engine in TensorRT or TensorRT-RTX, loaded and ready.
///
/// ```swift
/// let arcface = try TensorRTArcFace(enginePath: "data/engines/arcface_r100-fp16-sm86.plan")
/// let embeddings = try await arcface.embed(faces)  // uint8 [N, 112, 112, 3], BGR, any N
/// ```
///
/// All memory on the GPUs is allocated while it loads. It may be used from many tasks at once; work is spread over the
/// streams of all its GPUs.
public final class TensorRTArcFace: FaceEmbedder {
    /// What runs where: ONNX Runtime while the engine is built in the background, then the engine.
    public var information: EmbedderInformation { embedder.information }
    /// What isn't as it was asked for, such as smaller batches for want of GPU memory, or an engine that couldn't be built.
    public var warnings: [String] { embedder.warnings }
    /// Whether an engine embeds: always, unless it is built in the background.
    public var isReady: Bool { engine != nil }
    /// Bytes that are held on the GPUs, the same as long as the engine is loaded; 0 before.
    public var deviceByteCount: Int { engine?.memory.deviceByteCount ?? 0 }
    /// Bytes of host memory that are pinned for copies, the same as long as the engine is loaded; 0 before.
    public var pinnedByteCount: Int { engine?.memory.pinnedByteCount ?? 0 }
    /// The batch sizes that the engine runs at, ascending; others are split and padded to them. Empty before it is loaded.
    public var batchSizes: [Int] { engine?.batchSizes ?? [] }
    package let runtime: any EmbeddingRuntime
    private let embedder: ArcFaceEmbedder

    /// Loads an engine.
    ///
    /// - Parameters:
    ///   - enginePath: a `.plan` file with its manifest beside it.
    ///   - devices: the numbers of the GPUs that shall run it, as CUDA_VISIBLE_DEVICES counts them.
    ///   - storage: `requireSignature` and `publicKeys` say whose engines may be loaded; everybody's by default.
    /// - Throws: `ArcFaceError` that says what to do: no driver or TensorRT, an altered file, a missing or foreign signature,
    ///   an engine for another GPU or version, too little memory.
    public convenience init(
        enginePath: String, devices: [Int] = [0], storage: StorageConfiguration = .init()
    ) throws {
        try self.init(
            enginePath: enginePath, devices: devices, search: NVIDIASearch(), trust: try EngineTrust(storage))
    }

    /// Finds the engine of a model in `tensorrt.engine_local_dir` and loads it. If none fits, `embedding.auto_build`
    /// decides: it is built now, or in the background while ONNX Runtime embeds (releasing this object stops the build), or
    /// that is an error. Builds are logged, label `ArcFaceTensorRT.build`.
    ///
    /// - Parameters:
    ///   - configuration: `tensorrt` and `preprocessing` name the engine; `embedding.backend` the runtime, where `auto` is
    ///     TensorRT, or else TensorRT-RTX.
    ///   - devices: the numbers of the GPUs that shall run it, as CUDA_VISIBLE_DEVICES counts them; nil takes
    ///     `tensorrt.gpus`.
    /// - Throws: `ArcFaceError` that says what to do: no driver or TensorRT, no engine, too little memory.
    public convenience init(configuration: ArcFaceConfiguration = .init(), devices: [Int]? = nil) throws {
        try self.init(
            configuration: configuration, devices: devices, search: NVIDIASearch(configuration),
            engines: BuiltEngines(report: RuntimeLog.write))
    }

    package convenience init(
        enginePath: String, devices: [Int], search: NVIDIASearch, trust: EngineTrust = .anyone
    ) throws(ArcFaceError) {
        let engine = try EngineLoading(devices: devices, search: search).embedding(
            enginePath: enginePath, trust: trust)
        self.init(engine, warnings: engine.warnings)
    }

    package convenience init(
        configuration: ArcFaceConfiguration, devices: [Int]?, search: NVIDIASearch, engines: any EngineProvider
    ) throws(ArcFaceError) {
        guard configuration.isEnabled else {
            throw ArcFaceError(
                .configuration, "TensorRT is switched off", at: "arcface_tensorrt.enabled",
                mend: "use ArcFaceEmbedder, which runs embedding.fallback, or set it to true")
        }
        let loading = try EngineLoading(devices: devices ?? configuration.tensorRT.gpus, search: search)
        let runtime = try loading.runtime(for: configuration, engines: engines) { () throws(ArcFaceError) in
            try BackendChoice.onnxRuntime(configuration, .latency).0
        }
        self.init(runtime, warnings: (runtime as? any EngineEmbedding)?.warnings ?? [])
    }

    package init(_ runtime: any EmbeddingRuntime, warnings: [String]) {
        self.runtime = runtime
        embedder = ArcFaceEmbedder(runtime: runtime, warnings: warnings)
    }

    private var engine: (any EngineEmbedding)? { runtime.serving as? any EngineEmbedding }

    /// Embeds aligned faces; see `FaceEmbedder.embed`.
    public func embed(_ faces: FaceBatch) async throws -> EmbeddingBatch {
        try await embedder.embed(faces)
    }
}

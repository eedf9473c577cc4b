import EngineStore
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
    /// What runs where.
    public let information: EmbedderInformation
    /// What isn't as it was asked for, such as smaller batches for want of GPU memory.
    public let warnings: [String]
    /// Bytes that are held on the GPUs, the same from now on.
    public var deviceByteCount: Int { runtime.memory.deviceByteCount }
    /// Bytes of host memory that are pinned for copies, the same from now on.
    public var pinnedByteCount: Int { runtime.memory.pinnedByteCount }
    /// The batch sizes that the engine runs at, ascending; others are split and padded to them.
    public var batchSizes: [Int] { runtime.batchSizes }
    package let runtime: any EngineEmbedding
    private let embedder: ArcFaceEmbedder

    /// Loads an engine.
    ///
    /// - Parameters:
    ///   - enginePath: a `.plan` file with its manifest beside it.
    ///   - devices: the numbers of the GPUs that shall run it, as CUDA_VISIBLE_DEVICES counts them.
    /// - Throws: `ArcFaceError` that says what to do: no driver or TensorRT, an altered file, an engine for another GPU or
    ///   version, too little memory.
    public convenience init(enginePath: String, devices: [Int] = [0]) throws {
        try self.init(enginePath: enginePath, devices: devices, search: NVIDIASearch())
    }

    /// Finds the engine of a model in `tensorrt.engine_local_dir` and loads it.
    ///
    /// - Parameters:
    ///   - configuration: `tensorrt` and `preprocessing` name the engine; `embedding.backend` the runtime, where `auto` is
    ///     TensorRT, or else TensorRT-RTX.
    ///   - devices: the numbers of the GPUs that shall run it, as CUDA_VISIBLE_DEVICES counts them.
    /// - Throws: `ArcFaceError` that says what to do: no driver or TensorRT, no engine, too little memory.
    public convenience init(configuration: ArcFaceConfiguration = .init(), devices: [Int] = [0]) throws {
        try self.init(
            configuration: configuration, devices: devices, search: NVIDIASearch(), engines: StoredEngines())
    }

    package convenience init(enginePath: String, devices: [Int], search: NVIDIASearch) throws(ArcFaceError) {
        self.init(try EngineLoading(devices: devices, search: search).embedding(enginePath: enginePath))
    }

    package convenience init(
        configuration: ArcFaceConfiguration, devices: [Int], search: NVIDIASearch, engines: any EngineProvider
    ) throws(ArcFaceError) {
        guard configuration.isEnabled else {
            throw ArcFaceError(
                .configuration, "TensorRT is switched off", at: "arcface_tensorrt.enabled",
                mend: "use ArcFaceEmbedder, which runs embedding.fallback, or set it to true")
        }
        self.init(try EngineLoading(devices: devices, search: search).embedding(configuration, engines: engines))
    }

    package init(_ runtime: any EngineEmbedding) {
        self.runtime = runtime
        information = runtime.information
        warnings = runtime.warnings
        embedder = ArcFaceEmbedder(runtime: runtime, warnings: runtime.warnings)
    }

    /// Embeds aligned faces; see `FaceEmbedder.embed`.
    public func embed(_ faces: FaceBatch) async throws -> EmbeddingBatch {
        try await embedder.embed(faces)
    }
}

package import EngineStore
package import ONNXModel

/// What builds and runs the engines of one runtime. Jobs see runtimes through this alone.
package protocol EngineTools: Sendable {
    /// Whose engines.
    var runtime: EngineRuntime { get }
    /// Name and version, such as `TensorRT 10.3.0`.
    var name: String { get }
    /// The version as engines' manifests have it.
    var version: EngineVersion { get }

    /// Builds an engine from a prepared graph. Blocks, perhaps for minutes.
    ///
    /// - Parameters:
    ///   - order: the graph, and how it is to be built.
    ///   - gpus: where; nil without a GPU.
    ///   - progress: told of progress from any thread; false stops the build.
    /// - Returns: the plan and what else came out; nil if the build was stopped.
    /// - Throws: `ArcFaceError` with the runtime's own words.
    func build(
        _ order: EngineOrder, on gpus: GPUSet?, progress: @escaping @Sendable (EngineBuildProgress) -> Bool
    ) throws(ArcFaceError) -> EngineProduct?

    /// The name of a file of measurements for builds on these GPUs; nil if the runtime keeps none by itself.
    func timingCacheName(on gpus: GPUSet?) -> String?

    /// The measurements of a build put over those that another build has written meanwhile.
    func merged(timingCache: [UInt8], over other: [UInt8]) -> [UInt8]

    /// Loads a verified engine on each GPU and makes it ready.
    ///
    /// - Parameters:
    ///   - engine: the engine, its plan read and verified; whether it fits the machine is for the callee to check.
    ///   - gpus: where it shall run.
    ///   - model: the model that it was built from, for reports; nil tells what the manifest knows.
    /// - Returns: the engine, its memory allocated.
    /// - Throws: `ArcFaceError` that says what to do.
    func load(
        _ engine: LoadedEngine, on gpus: GPUSet, model: PreparedModel?
    ) throws(ArcFaceError) -> any EngineEmbedding

    /// Adds to a report what an engine tells of itself.
    ///
    /// - Parameters:
    ///   - plan: the engine's bytes; a plan is code, so the caller vouches for them.
    ///   - report: gets tensors, profiles, memory and layers.
    ///   - wantsLayers: whether the layers are told one by one.
    ///   - gpus: the GPUs here, if any.
    /// - Throws: `ArcFaceError` if the engine can't be loaded here; code `.unavailable` is about the machine.
    func describe(
        _ plan: UnsafeRawBufferPointer, in report: inout EngineReport, wantsLayers: Bool, on gpus: GPUSet?
    ) throws(ArcFaceError)
}

extension EngineTools {
    package func merged(timingCache: [UInt8], over other: [UInt8]) -> [UInt8] { timingCache }
}

/// An engine that is ready to embed.
package protocol EngineEmbedding: EmbeddingRuntime {
    /// What isn't as it was asked for.
    var warnings: [String] { get }
    /// The memory that is held, now and always.
    var memory: EngineMemory { get }
    /// The batch sizes that are run, ascending.
    var batchSizes: [Int] { get }
}

/// What engines are wanted for: some libraries can only run them.
package enum EnginePurpose: Sendable {
    case building, running
}

/// A graph, and how an engine is to be built from it.
package struct EngineOrder: Sendable {
    /// The prepared ONNX file, with preprocessing and precision in the graph.
    package let graph: [UInt8]
    /// What messages call it: the path of the model that it was made from.
    package let name: String
    /// The number format of the graph.
    package let precision: EnginePrecision
    /// The batches to tune for, and how many streams run at the same time.
    package let batch: BatchFacts
    /// What else the builder is told.
    package let options: EngineBuilderOptions
    /// The measurements that an earlier build left.
    package let timingCache: [UInt8]?
}

/// What a build gives.
package struct EngineProduct: Sendable {
    /// The engine.
    package let plan: any PlanSource
    /// Layers of the network before fusion.
    package let layerCount: Int
    /// How long the builder worked.
    package let buildDuration: Duration
    /// Measurements for the next build; empty if the runtime takes none.
    package let timingCache: [UInt8]
    /// Whether those of an earlier build were taken.
    package let usedTimingCache: Bool
    /// What the builder warned of.
    package let warnings: [String]
    /// What people are told of how it was built, a line each.
    package var notes: [String] = []
    /// Where the tiles of an engine of our own come from.
    package var tiles: EngineBuilderOptions.Tiles?
}

/// Bytes in memory, whoever owns it.
package protocol PlanSource: Sendable {
    /// Lends the bytes, which are valid during the call only.
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
}

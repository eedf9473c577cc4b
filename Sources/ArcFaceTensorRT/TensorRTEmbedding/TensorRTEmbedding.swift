package import EngineStore
import FaceImages
package import ONNXModel
import TensorRT

/// An engine in TensorRT or TensorRT-RTX, on one or more GPUs. Safe to call from many threads.
///
/// All memory is allocated, each bucket run once and its graph captured before the first caller comes. Each GPU has lanes
/// (a stream and execution contexts), each lane slots (buffers); a call takes slots, as many as are free, and keeps the
/// order of its faces. A batch is padded to the next bucket.
package final class TensorRTEmbedding: EngineEmbedding {
    package let information: EmbedderInformation
    package let concurrency: Int
    package let maximumBatch: Int
    /// What isn't as it was asked for.
    package let warnings: [String]
    /// The memory that is held, now and always.
    package let memory: EngineMemory
    /// The batch sizes that are run, ascending.
    package var batchSizes: [Int] { buckets.buckets.map(\.size) }
    /// Streams of each GPU.
    package var laneCount: Int { buckets.lanes }
    /// Whether every bucket of every slot runs as a CUDA graph.
    package let runsGraphs: Bool
    let buckets: BatchBuckets
    let pool: SlotPool

    /// Two, so that one batch is copied while another is computed.
    static let slotsPerLane = 2
    /// More streams than two gain little: two fill the gaps between each other's kernels.
    package static let usualLanes = 2

    /// Loads a verified engine on each GPU and makes it ready.
    ///
    /// - Parameters:
    ///   - stored: the engine, its plan read and verified.
    ///   - tools: the library.
    ///   - gpus: where it shall run.
    ///   - lanes: streams of each GPU, if the engine has profiles for as many.
    ///   - model: the model that the engine was built from, for reports; nil tells what the manifest knows.
    /// - Throws: `ArcFaceError` that says what to do.
    package convenience init(
        _ stored: LoadedEngine, with tools: TensorRTTools, on gpus: GPUSet,
        lanes: Int = TensorRTEmbedding.usualLanes,
        model: PreparedModel? = nil
    ) throws(ArcFaceError) {
        try EngineMachine(tools: tools, gpus: gpus).check(stored.engine)
        let setup: EngineSetup
        do throws(GPUFailure) {
            setup = try EngineSetup(stored, library: tools.library, on: gpus, lanes: lanes)
        } catch {
            throw error.error
        }
        self.init(
            setup, information: EmbedderInformation(stored.engine, with: tools, on: gpus, model: model),
            warnings: [stored.engine.acceptanceWarning].compactMap { $0 })
    }

    init(_ setup: EngineSetup, information: EmbedderInformation, warnings: [String] = []) {
        self.information = information
        buckets = setup.buckets
        pool = SlotPool(setup.slots)
        concurrency = setup.slots.count
        maximumBatch = setup.maximumBatch
        self.warnings = warnings + setup.warnings
        memory = setup.memory
        runsGraphs = setup.slots.allSatisfy { $0.runsGraphs.allSatisfy { $0 } }
    }

    package func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) {
        try pool.embed(
            pixels, count: count, buckets: buckets, width: information.embeddingWidth, into: output)
    }
}

import CUDADriver
import CUDAEngine
package import EngineStore
package import ONNXModel

/// An engine of our own, on one or more GPUs. Safe to call from many threads.
///
/// As with TensorRT all memory is allocated, each bucket run once and its graph captured before the first caller comes.
/// One lane a GPU: its kernels fill the GPU by themselves, and slots hide the copies.
package final class CUDAEmbedding: EngineEmbedding {
    package let information: EmbedderInformation
    package let concurrency: Int
    package let maximumBatch: Int
    package let warnings: [String]
    package let memory: EngineMemory
    package var batchSizes: [Int] { buckets.buckets.map(\.size) }
    let pool: SlotPool
    let buckets: BatchBuckets

    /// One batch is brought, one computed and one fetched.
    static let slotsPerLane = 3

    /// Loads a verified engine on each GPU and makes it ready.
    ///
    /// - Parameters:
    ///   - stored: the engine, its plan read and verified.
    ///   - tools: the runtime.
    ///   - gpus: where it shall run.
    ///   - model: the model that the engine was built from, for reports; nil tells what the manifest knows.
    /// - Throws: `ArcFaceError` that says what to do.
    package init(
        _ stored: LoadedEngine, with tools: CUDATools, on gpus: GPUSet, model: PreparedModel?
    ) throws(ArcFaceError) {
        try EngineMachine(tools: tools, gpus: gpus).check(stored.engine)
        let setup: EngineSetup
        do throws(GPUFailure) {
            setup = try Self.setup(stored, on: gpus)
        } catch {
            throw error.error
        }
        information = EmbedderInformation(stored.engine, with: tools, on: gpus, model: model)
        buckets = setup.buckets
        pool = SlotPool(setup.slots)
        concurrency = setup.slots.count
        maximumBatch = setup.maximumBatch
        warnings = [stored.engine.acceptanceWarning].compactMap { $0 } + setup.warnings
        memory = setup.memory
    }

    private static func setup(_ stored: LoadedEngine, on gpus: GPUSet) throws(GPUFailure) -> EngineSetup {
        var engines: [ResidentEngine] = []
        for device in gpus.devices { engines.append(try resident(stored, on: device, of: gpus.driver)) }
        guard let first = engines.first, first.plan.embeddingWidth == stored.engine.manifest.embeddingWidth else {
            throw GPUFailure(
                ArcFaceError(
                    .modelUnusable, "the engine's embeddings aren't of the width that its manifest says",
                    at: stored.engine.planPath, mend: "build the engine again"))
        }
        let plan = first.plan
        let wanted = BatchBuckets(sizes: plan.buckets.map(\.batch), lanes: 1)
        return try EngineSetup(
            wanted, on: gpus, gpu: first.context, slotsPerLane: slotsPerLane,
            memory: { buckets in
                let (faces, embeddings) = BatchBuffers.byteCounts(size: buckets.largest, width: plan.embeddingWidth)
                return EngineMemory(
                    weights: plan.weightsByteCount,
                    scratch: ScratchMemory.byteCount(plan, upTo: buckets.largest) * buckets.lanes,
                    buffers: (faces + embeddings) * buckets.lanes * slotsPerLane)
            },
            lanes: { (buckets, _) throws(GPUFailure) in
                try engines.map { (engine) throws(GPUFailure) in try CUDALane(engine, buckets: buckets) }
            })
    }

    private static func resident(
        _ stored: LoadedEngine, on device: CUDADevice, of driver: CUDADriver
    ) throws(GPUFailure) -> ResidentEngine {
        let gpu = try GPUFailure.driver { () throws(CUDAError) in try CUDAContext(on: device, of: driver) }
        do throws(ResidentEngine.Failure) {
            return try stored.plan.withUnsafeBytes { (bytes) throws(ResidentEngine.Failure) in
                try ResidentEngine(bytes, named: stored.engine.planPath, on: gpu)
            }
        } catch {
            throw GPUFailure(error)
        }
    }

    package func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) {
        try pool.embed(
            pixels, count: count, buckets: buckets, width: information.embeddingWidth, into: output)
    }
}

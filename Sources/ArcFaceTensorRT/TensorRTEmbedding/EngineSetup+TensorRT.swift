import CUDADriver
import EngineStore
import TensorRT

extension EngineSetup {
    /// Loads the engine on each GPU. Where the memory isn't enough, less is tried: first fewer lanes, then smaller batches.
    ///
    /// - Throws: `GPUFailure`; for want of memory its error says how many bytes which batch needs, and who holds the GPU.
    init(_ stored: LoadedEngine, library: TensorRTLibrary, on gpus: GPUSet, lanes: Int) throws(GPUFailure) {
        var engines: [EngineOnGPU] = []
        for device in gpus.devices {
            engines.append(try EngineOnGPU(stored, in: library, on: device, of: gpus))
        }
        guard let layout = engines.first?.layout, let gpu = engines.first?.gpu else {
            throw GPUFailure(ArcFaceError(.configuration, "no GPU is named"))
        }
        let wanted: BatchBuckets
        do throws(ArcFaceError) {
            wanted = try layout.buckets(lanes: lanes, name: stored.engine.planPath)
        } catch {
            throw GPUFailure(error)
        }
        let contextByteCount = engines.map(\.contextByteCount).max() ?? 0
        try self.init(
            wanted, on: gpus, gpu: gpu, slotsPerLane: TensorRTEmbedding.slotsPerLane,
            memory: { buckets in
                EngineMemory(
                    planByteCount: stored.plan.count, contextByteCount: contextByteCount, buckets: buckets,
                    width: layout.width, slotsPerLane: TensorRTEmbedding.slotsPerLane)
            },
            lanes: { (buckets, number) throws(GPUFailure) in
                try engines.map { (engine) throws(GPUFailure) in
                    do throws(GPUFailure) {
                        return try EngineLane(engine, buckets: buckets, number: number)
                    } catch {
                        throw error.on(engine.gpu)
                    }
                }
            })
        // Each bucket ran once. The GPUs are of one kind: what the first compiled is what all did.
        try engines.first?.keepKernels()
    }
}

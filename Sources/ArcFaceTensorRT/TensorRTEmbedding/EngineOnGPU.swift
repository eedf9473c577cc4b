import CUDADriver
import EngineStore
import TensorRT

/// An engine that is loaded on one GPU.
final class EngineOnGPU: Sendable {
    let gpu: CUDAContext
    let layout: EngineLayout
    /// Scratch memory of each execution context, in bytes.
    let contextByteCount: Int
    /// What messages call it.
    let name: String
    /// nil only while the object goes away.
    private nonisolated(unsafe) var loaded: TensorRTEngine?
    /// For contexts, and what TensorRT-RTX compiles for them; empty while the object goes away.
    private nonisolated(unsafe) var options: ContextOptions
    private nonisolated(unsafe) var kernels: KernelCache?

    /// Loads a plan that was verified.
    ///
    /// - Throws: `GPUFailure`; its error says what to do about a plan for another GPU or version.
    init(
        _ stored: LoadedEngine, in library: TensorRTLibrary, on device: CUDADevice, of gpus: GPUSet
    ) throws(GPUFailure) {
        let name = stored.engine.planPath
        let gpu = try GPUFailure.driver { () throws(CUDAError) in try CUDAContext(on: device, of: gpus.driver) }
        let key = RuntimeCacheKey(
            plan: stored.engine.manifest.plan.sha256,
            library: "\(stored.engine.manifest.runtime.name.rawValue) \(library.version)",
            gpu: "\(device.name), \(device.computeCapability.smName)", driver: gpus.driverVersion)
        let engine: TensorRTEngine
        let kernels: KernelCache?
        do throws(GPUFailure) {
            (engine, kernels) = try gpu.withCurrent(wrapping: { GPUFailure($0) }) { () throws(GPUFailure) in
                try GPUFailure.tensorRT { () throws(TensorRTError) in
                    let runtime = try TensorRTRuntime(library, driver: gpus.driverState)
                    let engine = try stored.plan.withUnsafeBytes { (plan) throws(TensorRTError) in
                        try runtime.deserialize(plan, name: name)
                    }
                    let compiles = library.capabilities.compilesAtRunTime
                    return (engine, compiles ? try KernelCache(engine, of: stored.engine, for: key) : nil)
                }
            }
        } catch {
            throw error.isOutOfMemory ? GPUFailure(Self.noRoom(for: stored, on: gpu, error.error)) : error
        }
        self.gpu = gpu
        self.name = name
        loaded = engine
        contextByteCount = engine.contextByteCount
        // Without it TensorRT-RTX compiles in the background, and a graph would keep the slow kernels.
        options = ContextOptions(specializesEagerly: kernels != nil, runtimeCache: kernels?.cache)
        self.kernels = kernels
        do throws(ArcFaceError) {
            layout = try EngineLayout(engine, expectedWidth: stored.engine.manifest.embeddingWidth)
        } catch {
            throw GPUFailure(error)
        }
    }

    deinit {
        do throws(CUDAError) {
            try gpu.withCurrent { () throws(CUDAError) in
                options = ContextOptions()
                kernels = nil
                loaded = nil
            }
        } catch {
            // The context is broken; the engine goes with the object all the same.
        }
    }

    /// No batch is small enough if the weights alone are too large.
    private static func noRoom(for stored: LoadedEngine, on gpu: CUDAContext, _ error: ArcFaceError) -> ArcFaceError {
        ArcFaceError(
            .runtimeFailed,
            "too little GPU memory for the engine itself, \(ByteSize(stored.plan.count))\(gpu.holdersPhrase): "
                + error.what, at: gpu.device.description,
            mend: "stop one of the processes that `nvidia-smi` lists, or use another GPU")
    }

    /// Keeps the kernels that were compiled so far for the next start. No context may be at work.
    func keepKernels() throws(GPUFailure) {
        guard let kernels else { return }
        try gpu.withCurrent(wrapping: { GPUFailure($0) }) { () throws(GPUFailure) in kernels.keep() }
    }

    /// Makes an execution context. The GPU's context must be current.
    func makeContext() throws(GPUFailure) -> ExecutionContext {
        guard let loaded else {
            throw GPUFailure(ArcFaceError(.runtimeFailed, "the engine was unloaded", at: name))
        }
        return try GPUFailure.tensorRT { () throws(TensorRTError) in try loaded.makeContext(options) }
    }
}

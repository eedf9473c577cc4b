/// A GPU (or a slice of one) as the driver describes it. A plain value: having one holds nothing on the GPU.
package struct CUDADevice: Sendable, Hashable, CustomStringConvertible {
    /// Its number in this process, from 0; CUDA_VISIBLE_DEVICES decides what is counted.
    package var ordinal: Int
    /// The marketing name, such as `NVIDIA H100 80GB HBM3`.
    package var name: String
    package var computeCapability: ComputeCapability
    /// Bytes of device memory, used or not.
    package var totalMemory: Int
    /// `GPU-` and the identifier in the usual groups; for a slice of a GPU the slice's own.
    package var uuid: String
    /// Domain, bus and device, such as `0000:1B:00.0`.
    package var pciBusID: String
    package var multiprocessorCount: Int
    /// Bytes of shared memory that one block may have after asking for more than 48 KiB.
    package var maxSharedMemoryPerBlock: Int
    /// Bytes of shared memory of one multiprocessor.
    package var sharedMemoryPerMultiprocessor: Int
    /// Bytes of the level-2 cache.
    package var l2CacheSize: Int
    /// Whether blocks can be launched as clusters.
    package var supportsClusters: Bool
    /// Whether the GPU shares its memory with the host (Jetson).
    package var isIntegrated: Bool

    /// The driver's handle, which needs no freeing.
    let handle: Int32

    /// `GPU 0 (NVIDIA H100 80GB HBM3)`.
    package var description: String { "GPU \(ordinal) (\(name))" }
}

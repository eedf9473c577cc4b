internal import CCUDADriver

/// How a kernel is spread over the GPU.
package struct KernelLaunch: Sendable, Hashable {
    /// Extents in three directions, each at least 1.
    package struct Extents: Sendable, Hashable {
        package var x, y, z: Int

        package init(_ x: Int, _ y: Int = 1, _ z: Int = 1) {
            (self.x, self.y, self.z) = (x, y, z)
        }
    }

    /// In blocks.
    package var grid: Extents
    /// In threads.
    package var block: Extents
    /// In blocks; nil for a launch without clusters. Needs compute capability 9.0.
    package var cluster: Extents?
    /// Bytes that each block gets besides what the kernel declares; above 48 KiB only after
    /// `CUDAFunction.set(.maxDynamicSharedMemory, to:)`.
    package var dynamicSharedMemory: Int
    /// Whether it may start while the kernel ahead of it in the stream still ends (programmatic dependent launch); the
    /// kernel itself must then wait for its inputs. Needs compute capability 9.0.
    package var overlapsPredecessor: Bool
    /// Whether all blocks must run at once, so that they may wait for each other.
    package var isCooperative: Bool

    package init(
        grid: Extents, block: Extents, cluster: Extents? = nil, dynamicSharedMemory: Int = 0,
        overlapsPredecessor: Bool = false, isCooperative: Bool = false
    ) {
        self.grid = grid
        self.block = block
        self.cluster = cluster
        self.dynamicSharedMemory = dynamicSharedMemory
        self.overlapsPredecessor = overlapsPredecessor
        self.isCooperative = isCooperative
    }

    /// The launch as the shim takes it; extents that no GPU could take are refused here.
    func configuration(for kernel: String, on context: CUDAContext) throws(CUDAError) -> ccu_launch {
        func narrow(_ extents: Extents) -> (UInt32, UInt32, UInt32)? {
            guard let x = UInt32(exactly: extents.x), let y = UInt32(exactly: extents.y),
                let z = UInt32(exactly: extents.z), x > 0, y > 0, z > 0
            else { return nil }
            return (x, y, z)
        }
        guard let grid = narrow(grid), let block = narrow(block),
            let cluster = cluster.map({ narrow($0) }) ?? (0, 0, 0),
            let shared = UInt32(exactly: dynamicSharedMemory)
        else {
            throw CUDAError(
                code: .invalidArgument, what: "the kernel \(kernel) can't be launched as \(self)",
                where: context.device.description)
        }
        return ccu_launch(
            grid: grid, block: block, cluster: cluster, dynamic_shared_bytes: shared,
            programmatic_serialization: overlapsPredecessor ? 1 : 0, cooperative: isCooperative ? 1 : 0)
    }
}

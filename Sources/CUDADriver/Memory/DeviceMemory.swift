internal import CCUDADriver

/// Memory on a GPU, freed with the last reference (after the work that was already put on its streams).
package final class DeviceMemory: Sendable {
    package let context: CUDAContext
    /// Where it starts, aligned to 256 bytes.
    package let address: UInt64
    package let byteCount: Int

    /// Allocates uninitialised memory.
    ///
    /// - Throws: `CUDAError` with code `.outOfMemory` that says how much was free and who holds the rest, or
    ///   `.invalidArgument` for a size of zero or less.
    package init(byteCount: Int, on context: CUDAContext) throws(CUDAError) {
        guard byteCount > 0 else {
            throw CUDAError(
                code: .invalidArgument, what: "can't allocate \(byteCount) bytes", where: context.device.description)
        }
        var address: UInt64 = 0
        let result = try context.status { ccu_memory_allocate($0, &address, byteCount) }
        guard result == DriverResult.success else {
            throw context.allocationFailure(result, call: "cuMemAlloc_v2", byteCount: byteCount)
        }
        self.context = context
        self.address = address
        self.byteCount = byteCount
    }

    deinit {
        context.release("cuMemFree_v2") { ccu_memory_free($0, address) }
    }
}

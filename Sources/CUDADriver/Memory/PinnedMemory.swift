internal import CCUDADriver

/// Host memory that GPUs copy to and from at full speed and in the background. Freed with the last reference, after
/// the work that was already put on the GPU's streams.
package final class PinnedMemory: Sendable {
    package let context: CUDAContext
    /// The memory itself, page-aligned. Reading and writing is the caller's to order with the copies on streams.
    package nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    package var byteCount: Int { bytes.count }

    /// Allocates uninitialised memory that every GPU may use.
    ///
    /// - Parameters:
    ///   - byteCount: Its size, at least 1.
    ///   - isWriteCombined: Quicker to copy from, very slow for the CPU to read.
    ///   - context: The GPU that it is mostly for.
    /// - Throws: `CUDAError` with code `.outOfMemory`, or `.invalidArgument` for a size of zero or less.
    package init(byteCount: Int, isWriteCombined: Bool = false, on context: CUDAContext) throws(CUDAError) {
        guard byteCount > 0 else {
            throw CUDAError(
                code: .invalidArgument, what: "can't allocate \(byteCount) pinned bytes",
                where: context.device.description)
        }
        let (portable, writeCombined): (UInt32, UInt32) = (1, 4)
        var memory: UnsafeMutableRawPointer?
        let result = try context.status {
            ccu_host_allocate($0, &memory, byteCount, portable | (isWriteCombined ? writeCombined : 0))
        }
        guard result == DriverResult.success, let memory else {
            let size = ByteSize(byteCount)
            throw context.failure(
                result == DriverResult.success ? DriverResult.outOfMemory : result, call: "cuMemHostAlloc",
                what: "can't allocate \(size) of pinned host memory",
                mend: result == DriverResult.outOfMemory
                    ? "see `free -h` and the limit on locked memory (`ulimit -l`)" : nil)
        }
        self.context = context
        bytes = UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
    }

    deinit {
        guard let start = bytes.baseAddress else { return }
        context.release("cuMemFreeHost") { ccu_host_free($0, start) }
    }
}

package import CUDADriver

/// Memory in which one run at a time computes: the arena of activations, and what split sums need.
package final class ScratchMemory: Sendable {
    package let arena: DeviceMemory
    /// Partial sums; nil if no launch splits its sums.
    let workspace: DeviceMemory?
    /// Zero between runs; nil if no launch splits its sums.
    let counters: DeviceMemory?

    /// Bytes that the buckets of a plan up to a batch need.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - batch: the largest batch that will be run.
    /// - Returns: the sum of all buffers.
    package static func byteCount(_ plan: EnginePlan, upTo batch: Int) -> Int {
        let sizes = sizes(plan, upTo: batch)
        return sizes.arena + sizes.workspace + sizes.counters
    }

    /// Allocates the memory.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - batch: the largest batch that will be run.
    ///   - stream: a stream of the GPU.
    /// - Throws: `CUDAError`, perhaps for want of memory.
    package init(_ plan: EnginePlan, upTo batch: Int, on stream: CUDAStream) throws(CUDAError) {
        let sizes = Self.sizes(plan, upTo: batch)
        arena = try DeviceMemory(byteCount: max(sizes.arena, 256), on: stream.context)
        workspace = try sizes.workspace > 0 ? DeviceMemory(byteCount: sizes.workspace, on: stream.context) : nil
        counters = try sizes.counters > 0 ? DeviceMemory(byteCount: sizes.counters, on: stream.context) : nil
        if let counters {
            try stream.fill(counters, byteCount: counters.byteCount, with: 0)
            try stream.synchronize()
        }
    }

    /// Fills what runs write before they read it with NaN: a kernel that reads more than was written shows in the embeddings.
    ///
    /// - Parameter stream: where the fill is put, between two runs.
    /// - Throws: `CUDAError` when the driver refuses.
    package func poison(on stream: CUDAStream) throws(CUDAError) {
        for memory in [arena, workspace] {
            // All ones are a NaN in each of the number formats.
            if let memory { try stream.fill(memory, byteCount: memory.byteCount, with: 0xFF) }
        }
    }

    private static func sizes(
        _ plan: EnginePlan, upTo batch: Int
    ) -> (arena: Int, workspace: Int, counters: Int) {
        let buckets = plan.buckets.filter { $0.batch <= batch }
        return (
            buckets.map(\.arenaByteCount).max() ?? 0, buckets.map(\.workspaceByteCount).max() ?? 0,
            buckets.map(\.counterByteCount).max() ?? 0
        )
    }
}

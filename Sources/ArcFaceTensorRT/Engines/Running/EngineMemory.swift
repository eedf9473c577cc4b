import CUDADriver

/// The memory that a loaded engine holds, all allocated before the first batch. Bytes.
package struct EngineMemory: Sendable, Equatable, CustomStringConvertible {
    /// The weights: about what the plan's file has, on each GPU.
    package var weights: Int
    /// Scratch memory of all execution contexts.
    package var scratch: Int
    /// Buffers of batches on the GPUs; the host has as much again, pinned.
    package var buffers: Int

    /// Adds nothing up: for runtimes that count themselves.
    package init(weights: Int, scratch: Int, buffers: Int) {
        self.weights = weights
        self.scratch = scratch
        self.buffers = buffers
    }

    /// The same on each of several GPUs.
    func times(_ count: Int) -> EngineMemory {
        var result = self
        result.weights *= count
        result.scratch *= count
        result.buffers *= count
        return result
    }

    /// Bytes on the GPUs.
    package var deviceByteCount: Int { weights + scratch + buffers }

    /// Pinned bytes on the host.
    package var pinnedByteCount: Int { buffers }

    /// `120.0 MiB of GPU memory (weights 83.0 MiB, scratch 35.0 MiB, batches 2.0 MiB), 2.0 MiB of pinned host memory`.
    package var description: String {
        "\(ByteSize(deviceByteCount)) of GPU memory (weights \(ByteSize(weights)), scratch \(ByteSize(scratch)), "
            + "batches \(ByteSize(buffers))), \(ByteSize(pinnedByteCount)) of pinned host memory"
    }
}

extension EngineMemory {
    /// Adds up what one GPU needs.
    init(planByteCount: Int, contextByteCount: Int, buckets: BatchBuckets, width: Int, slotsPerLane: Int) {
        let (faces, embeddings) = BatchBuffers.byteCounts(size: buckets.largest, width: width)
        self.init(
            weights: planByteCount,
            scratch: contextByteCount * EngineLane.contextCount(buckets) * buckets.lanes,
            buffers: (faces + embeddings) * buckets.lanes * slotsPerLane)
    }
}

import CUDADriver

/// An engine on all its GPUs, with its lanes and slots: what an embedding is made of.
struct EngineSetup {
    let buckets: BatchBuckets
    /// All slots, neighbours on different lanes and GPUs.
    let slots: [BatchSlot]
    let warnings: [String]
    let memory: EngineMemory

    /// Batches that each slot gets in one call: with so many it doesn't matter that at the call's ends nothing overlaps.
    private static let batchesPerSlot = 8

    /// The most faces that one call may get.
    var maximumBatch: Int { buckets.largest * slots.count * Self.batchesPerSlot }

    /// Makes lanes and slots. Where the memory isn't enough, less is tried: first fewer lanes, then smaller batches.
    ///
    /// - Parameters:
    ///   - wanted: batch sizes and lanes.
    ///   - gpus: where they run.
    ///   - gpu: the first of them, to ask who holds its memory.
    ///   - slotsPerLane: how many batches are on their way at the same time.
    ///   - memory: what buckets need on one GPU.
    ///   - lanes: makes the lane of a number for some buckets on each GPU.
    /// - Throws: `GPUFailure`; for want of memory its error says how many bytes which batch needs, and who holds the GPU.
    init(
        _ wanted: BatchBuckets, on gpus: GPUSet, gpu: CUDAContext, slotsPerLane: Int,
        memory: (BatchBuckets) -> EngineMemory,
        lanes: (BatchBuckets, Int) throws(GPUFailure) -> [any BatchLane]
    ) throws(GPUFailure) {
        var tried = wanted
        while true {
            do throws(GPUFailure) {
                slots = try Self.slots(tried, slotsPerLane, lanes)
                buckets = tried
                self.memory = memory(tried).times(gpus.devices.count)
                warnings = tried == wanted ? [] : [Self.warning(wanted: wanted, got: tried, on: gpus)]
                return
            } catch {
                guard error.isOutOfMemory else { throw error }
                guard let smaller = tried.smaller else {
                    throw GPUFailure(Self.exhausted(error.error, memory(tried), tried, on: gpu))
                }
                tried = smaller
            }
        }
    }

    private static func slots(
        _ buckets: BatchBuckets, _ slotsPerLane: Int,
        _ makeLanes: (BatchBuckets, Int) throws(GPUFailure) -> [any BatchLane]
    ) throws(GPUFailure) -> [BatchSlot] {
        var lanes: [any BatchLane] = []
        for number in 0..<buckets.lanes { lanes += try makeLanes(buckets, number) }
        var slots: [BatchSlot] = []
        for _ in 0..<slotsPerLane {
            for lane in lanes { slots.append(try BatchSlot(in: lane)) }
        }
        return slots
    }

    private static func warning(
        wanted: BatchBuckets, got: BatchBuckets, on gpus: GPUSet
    ) -> String {
        func text(_ buckets: BatchBuckets) -> String {
            "batches of \(buckets.largest) on \(buckets.lanes) stream\(buckets.lanes == 1 ? "" : "s")"
        }
        return "\(gpus): too little GPU memory for \(text(wanted)): using \(text(got))"
    }

    private static func exhausted(
        _ error: ArcFaceError, _ memory: EngineMemory, _ buckets: BatchBuckets, on gpu: CUDAContext
    ) -> ArcFaceError {
        let holders = gpu.memoryHolders().prefix(5).map(\.description).joined(separator: ", ")
        return ArcFaceError(
            .runtimeFailed,
            "too little GPU memory even for batches of \(buckets.largest), which need \(memory): \(error.what)"
                + (holders.isEmpty ? "" : "; the GPU's memory is held by \(holders)"),
            at: gpu.device.description,
            mend: "stop one of the processes that `nvidia-smi` lists, use another GPU, or build the engine with a "
                + "smaller --max-batch-size")
    }
}

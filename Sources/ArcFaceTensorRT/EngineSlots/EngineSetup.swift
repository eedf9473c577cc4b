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
    ///   - gpu: the first of them, to be asked who holds its memory where a failure doesn't say on which GPU it was.
    ///   - slotsPerLane: how many batches are on their way at the same time.
    ///   - memory: what buckets need on one GPU.
    ///   - lanes: makes the lane of a number for some buckets on each GPU.
    /// - Throws: `GPUFailure`; for want of memory its error says how many bytes which batch needs, and who holds the GPU.
    init(
        _ wanted: BatchBuckets, on gpus: GPUSet, gpu: CUDAContext, slotsPerLane: Int,
        memory: (BatchBuckets) -> EngineMemory,
        lanes: (BatchBuckets, Int) throws(GPUFailure) -> [any BatchLane]
    ) throws(GPUFailure) {
        var shortage = MemoryShortage(gpu: gpu)
        var tried = wanted
        while true {
            do throws(GPUFailure) {
                slots = try Self.slots(tried, slotsPerLane, lanes)
                buckets = tried
                self.memory = memory(tried).times(gpus.devices.count)
                warnings = [shortage.warning(using: tried, on: gpus)].compactMap { $0 }
                return
            } catch {
                guard error.isOutOfMemory else { throw error }
                shortage.add(tried, needing: memory(tried), failure: error)
                guard let smaller = tried.smaller else { throw GPUFailure(shortage.error(for: tried)) }
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
            for lane in lanes {
                do throws(GPUFailure) { slots.append(try BatchSlot(in: lane)) } catch { throw error.on(lane.gpu) }
            }
        }
        return slots
    }
}

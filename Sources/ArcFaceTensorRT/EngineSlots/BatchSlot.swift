import CUDADriver

/// A place for one batch in a lane: buffers, and the graphs that run each bucket on them. One caller's at a time.
final class BatchSlot: Sendable {
    let lane: any BatchLane
    private let buffers: BatchBuffers
    /// By bucket; nil where a run is enqueued instead.
    private let graphs: [CUDAGraphExecutable?]

    /// Allocates the memory, runs each bucket once and captures its graph.
    ///
    /// - Throws: `GPUFailure`, perhaps for want of memory.
    init(in lane: any BatchLane) throws(GPUFailure) {
        self.lane = lane
        let buffers = try GPUFailure.driver { () throws(CUDAError) in
            try BatchBuffers(
                size: lane.buckets.largest, width: lane.width, on: lane.gpu)
        }
        self.buffers = buffers
        var graphs: [CUDAGraphExecutable?] = []
        for bucket in lane.buckets.buckets.indices { graphs.append(try lane.prepare(bucket, on: buffers)) }
        self.graphs = graphs
    }

    /// Whether each bucket runs as a graph.
    var runsGraphs: [Bool] { graphs.map { $0 != nil } }

    /// Begins a run; returns as soon as the GPU has its orders.
    ///
    /// - Parameters:
    ///   - pixels: uint8 [count, 112, 112, 3]; read during the call only.
    ///   - count: faces, at most the bucket's size.
    ///   - bucket: the bucket's index.
    ///   - path: how much of a run it shall be.
    ///   - timer: marks the stages of the run.
    /// - Throws: `GPUFailure`; the slot is as before, and nothing touches its memory.
    func start(
        _ pixels: UnsafeRawBufferPointer, count: Int, bucket: Int, along path: BatchPath = .host,
        timer: StageTimer? = nil
    ) throws(GPUFailure) {
        do throws(GPUFailure) {
            try GPUFailure.driver { () throws(CUDAError) in try buffers.upload(pixels, along: path, timer: timer) }
            try lane.run(bucket, on: buffers, graph: graphs[bucket], timer: timer)
            try GPUFailure.driver { () throws(CUDAError) in
                try buffers.download(count: count, along: path, timer: timer)
            }
        } catch {
            settle()
            throw error
        }
    }

    /// Waits for the run that was begun.
    ///
    /// - Parameters:
    ///   - output: float [count, D].
    ///   - path: as the run was begun.
    ///   - timer: times what the host does.
    /// - Throws: `GPUFailure`; nothing touches the slot's memory any more.
    func finish(
        into output: UnsafeMutableBufferPointer<Float>, along path: BatchPath = .host, timer: StageTimer? = nil
    ) throws(GPUFailure) {
        do throws(CUDAError) {
            try buffers.finish(into: output, along: path, timer: timer)
        } catch {
            settle()
            throw GPUFailure(error)
        }
    }

    /// Waits until the GPU is done with the slot, after a failure. What fails now follows from that failure, which is the
    /// one to report.
    func settle() {
        do throws(CUDAError) { try lane.stream.synchronize() } catch {}
        do throws(CUDAError) { try buffers.settle() } catch {}
    }
}

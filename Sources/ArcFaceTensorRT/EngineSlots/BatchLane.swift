import CUDADriver

/// One worker on a GPU: a stream, and what runs each bucket on it. One run at a time; the copies of the next and the last
/// one go on meanwhile.
protocol BatchLane: AnyObject, Sendable {
    /// What it runs.
    var buckets: BatchBuckets { get }
    /// The GPU.
    var gpu: CUDAContext { get }
    /// Numbers of an embedding.
    var width: Int { get }
    /// The stream that runs are put on.
    var stream: CUDAStream { get }

    /// Runs a bucket on a slot's buffers once, to see that it works, and captures it as a graph where that is possible.
    ///
    /// - Returns: the graph; nil if the bucket is run without one.
    /// - Throws: `GPUFailure` if the run fails.
    func prepare(_ bucket: Int, on slot: BatchBuffers) throws(GPUFailure) -> CUDAGraphExecutable?

    /// Puts a run on the stream: after the upload of the slot's faces, and marked for the download to wait for. The timer, if
    /// there is one, marks the computing.
    func run(_ bucket: Int, on slot: BatchBuffers, graph: CUDAGraphExecutable?, timer: StageTimer?) throws(GPUFailure)
}

import PyTorchReference

/// PyTorch on a GPU, whose events tell copying from computing.
final class PyTorchOnGPU: StageTimedRuntime {
    private let embedding: PyTorchEmbedding

    init(_ embedding: PyTorchEmbedding) {
        self.embedding = embedding
    }

    var information: EmbedderInformation { embedding.information }
    var concurrency: Int { embedding.concurrency }
    var maximumBatch: Int { embedding.maximumBatch }

    func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) {
        try embedding.embed(pixels, count: count, into: output)
    }

    func embedTimed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) -> StageTimes {
        let stages = try embedding.stages(pixels, count: count, into: output)
        return StageTimes(
            hostToDevice: .seconds(stages.hostToDevice), compute: .seconds(stages.compute),
            deviceToHost: .seconds(stages.deviceToHost))
    }
}

extension CUDAEmbedding: StageTimedRuntime {
    package func embedTimed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) -> StageTimes {
        try pool.embedTimed(
            pixels, count: count, buckets: buckets, width: information.embeddingWidth, into: output)
    }
}

extension CUDAEmbedding: DissectedRuntime {
    package func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>,
        along path: BatchPath
    ) throws(ArcFaceError) {
        try pool.embed(
            pixels, count: count, buckets: buckets, width: information.embeddingWidth, into: output, along: path)
    }
}

extension TensorRTEmbedding: StageTimedRuntime {
    package func embedTimed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) -> StageTimes {
        try pool.embedTimed(
            pixels, count: count, buckets: buckets, width: information.embeddingWidth, into: output)
    }
}

import CUDADriver

extension BatchSlot {
    /// Runs a batch, each stage after the one before has ended, and times them by the GPU's clock.
    ///
    /// - Parameters:
    ///   - pixels: uint8 [count, 112, 112, 3].
    ///   - count: faces, at most the bucket's size.
    ///   - bucket: the bucket's index.
    ///   - output: float [count, D].
    /// - Returns: the time of each stage.
    /// - Throws: `GPUFailure`; nothing touches the slot's memory any more.
    func timed(
        _ pixels: UnsafeRawBufferPointer, count: Int, bucket: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(GPUFailure) -> StageTimes {
        do throws(GPUFailure) {
            let upload = try GPUFailure.driver { () throws(CUDAError) in try buffers.timedUpload(pixels) }
            let marks = try GPUFailure.driver { () throws(CUDAError) in
                let marks = (
                    begin: try CUDAEvent(on: lane.gpu, measuresTime: true),
                    end: try CUDAEvent(on: lane.gpu, measuresTime: true)
                )
                try lane.stream.synchronize()
                try marks.begin.record(on: lane.stream)
                return marks
            }
            try lane.run(bucket, on: buffers, graph: graphs[bucket])
            let compute = try GPUFailure.driver { () throws(CUDAError) in
                try marks.end.record(on: lane.stream)
                try marks.end.synchronize()
                return try marks.end.milliseconds(since: marks.begin)
            }
            let download = try GPUFailure.driver { () throws(CUDAError) in
                try buffers.timedDownload(count: count, into: output)
            }
            return StageTimes(
                hostToDevice: .milliseconds(upload), compute: .milliseconds(compute),
                deviceToHost: .milliseconds(download))
        } catch {
            settle()
            throw error
        }
    }
}

extension BatchBuffers {
    /// Brings faces to the GPU, and waits.
    ///
    /// - Returns: milliseconds of the copy from pinned memory.
    fileprivate func timedUpload(_ pixels: UnsafeRawBufferPointer) throws(CUDAError) -> Double {
        let begin = try CUDAEvent(on: faces.context, measuresTime: true)
        let end = try CUDAEvent(on: faces.context, measuresTime: true)
        try upload(pixels, begin: begin)
        try end.record(on: copies)
        try end.synchronize()
        return try end.milliseconds(since: begin)
    }

    /// Fetches the first `count` embeddings, and waits.
    ///
    /// - Returns: milliseconds of the copy to pinned memory.
    fileprivate func timedDownload(
        count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(CUDAError) -> Double {
        let begin = try CUDAEvent(on: faces.context, measuresTime: true)
        let end = try CUDAEvent(on: faces.context, measuresTime: true)
        try copies.wait(for: computed)
        try begin.record(on: copies)
        try download(count: count)
        try end.record(on: copies)
        try finish(into: output)
        try end.synchronize()
        return try end.milliseconds(since: begin)
    }
}

extension SlotPool {
    /// Embeds a batch run by run, each stage after the one before, and times the stages.
    ///
    /// - Parameters: as `embed`.
    /// - Returns: the sums over the runs.
    /// - Throws: `ArcFaceError` of the first run that fails.
    func embedTimed(
        _ pixels: UnsafeRawBufferPointer, count: Int, buckets: BatchBuckets, width: Int,
        into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) -> StageTimes {
        try requireRoom(pixels, count: count, width: width, output)
        let slot = take()
        defer { give(slot) }
        var sum = StageTimes(hostToDevice: .zero, compute: .zero, deviceToHost: .zero)
        for piece in buckets.pieces(of: count) {
            do throws(GPUFailure) {
                let times = try slot.timed(
                    pixels.faces(piece.range), count: piece.range.count, bucket: piece.bucket,
                    into: output.rows(piece.range, width: width))
                sum.hostToDevice += times.hostToDevice
                sum.compute += times.compute
                sum.deviceToHost += times.deviceToHost
            } catch {
                throw error.error
            }
        }
        return sum
    }
}

import CUDADriver
import FaceImages

extension SlotPool {
    /// Embeds like `embed(_:count:buckets:width:into:)`, on one slot and run after run, and times each stage.
    ///
    /// - Parameters:
    ///   - pixels: uint8 [count, 112, 112, 3], BGR.
    ///   - count: faces, one or more.
    ///   - buckets: the sizes of runs.
    ///   - width: numbers of an embedding.
    ///   - output: float [count, width].
    /// - Returns: each stage's time, of all runs together.
    /// - Throws: `ArcFaceError` of the first run that fails; the slot is back then.
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
                let timer = try GPUFailure.driver { () throws(CUDAError) in try StageTimer(on: slot.lane.gpu) }
                try slot.start(
                    pixels.faces(piece.range), count: piece.range.count, bucket: piece.bucket, timer: timer)
                try slot.finish(into: output.rows(piece.range, width: width), timer: timer)
                sum += try GPUFailure.driver { () throws(CUDAError) in try timer.times() }
            } catch {
                throw error.error
            }
        }
        return sum
    }
}

import CUDADriver
import FaceImages

extension TensorRTEmbedding: StageTimedRuntime {
    package func embedTimed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) -> StageTimes {
        try checkRoom(pixels, count: count, output: output)
        let width = information.embeddingWidth
        let slot = pool.take()
        defer { pool.give(slot) }
        var sum = StageTimes(hostToDevice: .zero, compute: .zero, deviceToHost: .zero)
        // One slot, piece after piece: nothing overlaps.
        for piece in buckets.pieces(of: count) {
            let range = piece.range
            let bytes = range.lowerBound * FaceBatch.bytesPerFace..<range.upperBound * FaceBatch.bytesPerFace
            do throws(GPUFailure) {
                let timer = try GPUFailure.driver { () throws(CUDAError) in try StageTimer(on: slot.lane.engine.gpu) }
                try slot.start(
                    UnsafeRawBufferPointer(rebasing: pixels[bytes]), count: range.count, bucket: piece.bucket,
                    timer: timer)
                try slot.finish(
                    into: UnsafeMutableBufferPointer(
                        rebasing: output[range.lowerBound * width..<range.upperBound * width]))
                let times = try GPUFailure.driver { () throws(CUDAError) in try timer.times() }
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

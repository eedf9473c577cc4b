/// How long the stages of one call took: those on a device by the device's own clock where it has one.
package struct StageTimes: Sendable, Equatable {
    /// Copying the faces to where the device reads them; zero if that wasn't measured.
    package var staging: Duration
    /// Copying the faces to the device.
    package var hostToDevice: Duration
    /// Computing the embeddings.
    package var compute: Duration
    /// Copying the embeddings back.
    package var deviceToHost: Duration
    /// Copying the embeddings from there to the caller; zero if that wasn't measured.
    package var collecting: Duration

    /// Records the stages of one call.
    package init(
        staging: Duration = .zero, hostToDevice: Duration, compute: Duration, deviceToHost: Duration,
        collecting: Duration = .zero
    ) {
        self.staging = staging
        self.hostToDevice = hostToDevice
        self.compute = compute
        self.deviceToHost = deviceToHost
        self.collecting = collecting
    }

    /// Adds each stage's time.
    static func += (sum: inout StageTimes, part: StageTimes) {
        sum.staging += part.staging
        sum.hostToDevice += part.hostToDevice
        sum.compute += part.compute
        sum.deviceToHost += part.deviceToHost
        sum.collecting += part.collecting
    }
}

/// A runtime on a device of its own, which can tell copying from computing.
package protocol StageTimedRuntime: EmbeddingRuntime {
    /// Embeds like `embed(_:count:into:)`, the stages one after another, and times each.
    ///
    /// Nothing overlaps here, so the sum may be more than an ordinary call takes.
    ///
    /// - Parameters:
    ///   - pixels: uint8 [count, 112, 112, 3], BGR.
    ///   - count: 1…`maximumBatch`.
    ///   - output: float32 [count, D], filled with raw embeddings.
    /// - Returns: the time of each stage.
    /// - Throws: `ArcFaceError` with the runtime's own message.
    func embedTimed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) -> StageTimes
}

/// How much of a batch's way from the host to the host it goes.
package enum BatchPath: String, Sendable, CaseIterable {
    /// Computing alone, on whatever faces are on the device.
    case device
    /// Computing, and the copies between the device and pinned memory.
    case pinned
    /// All: from the caller's memory to the caller's memory.
    case host
}

/// A runtime that can leave out parts of a batch's way, so that a measurement tells what each part costs.
package protocol DissectedRuntime: EmbeddingRuntime {
    /// Embeds like `embed(_:count:into:)`, but with a part of the way only.
    ///
    /// - Parameters:
    ///   - pixels: uint8 [count, 112, 112, 3], BGR; read only on the whole way.
    ///   - count: 1…`maximumBatch`.
    ///   - output: float32 [count, D], filled only on the whole way.
    ///   - path: the part.
    /// - Throws: `ArcFaceError` with the runtime's own message.
    func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>,
        along path: BatchPath
    ) throws(ArcFaceError)
}

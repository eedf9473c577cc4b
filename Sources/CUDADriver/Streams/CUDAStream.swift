internal import CCUDADriver

/// A queue of work on a GPU: what is put on it runs in order, beside other streams. It doesn't wait for the legacy
/// default stream (`non-blocking`).
///
/// Any thread may put work on it; two threads that do so at once get an order between them that nobody chose.
package final class CUDAStream: Sendable {
    package enum Priority: Sendable {
        case low, normal, high
    }

    package let context: CUDAContext
    nonisolated(unsafe) let handle: OpaquePointer

    /// The driver's handle, for libraries that take a `CUstream` or `cudaStream_t`. Valid while this object lives.
    package var rawValue: UnsafeMutableRawPointer { UnsafeMutableRawPointer(handle) }

    /// Creates a stream.
    ///
    /// - Throws: `CUDAError` when the driver can't.
    package init(on context: CUDAContext, priority: Priority = .normal) throws(CUDAError) {
        let nonBlocking: UInt32 = 1
        let level = try Self.level(of: priority, on: context)
        var handle: OpaquePointer?
        try context.call("cuStreamCreateWithPriority", "can't create a stream") {
            ccu_stream_create($0, &handle, nonBlocking, level)
        }
        guard let handle else {
            throw context.failure(
                DriverResult.invalidValue, call: "cuStreamCreateWithPriority", what: "can't create a stream")
        }
        self.context = context
        self.handle = handle
    }

    deinit {
        context.release("cuStreamDestroy_v2") { ccu_stream_destroy($0, handle) }
    }

    /// Waits until everything put on the stream so far is done.
    ///
    /// - Throws: `CUDAError`, also for failures of work that was put there earlier.
    package func synchronize() throws(CUDAError) {
        try context.call("cuStreamSynchronize", "work on the GPU failed") { ccu_stream_synchronize($0, handle) }
    }

    /// Whether everything put on the stream so far is done.
    ///
    /// - Throws: `CUDAError` for failures of work that was put there earlier.
    package func isDone() throws(CUDAError) -> Bool {
        let result = try context.status { ccu_stream_query($0, handle) }
        if result == DriverResult.notReady { return false }
        guard result == DriverResult.success else {
            throw context.failure(result, call: "cuStreamQuery", what: "work on the GPU failed")
        }
        return true
    }

    /// Makes all later work on this stream wait until the event's last record, on whichever stream, is reached. Returns
    /// at once.
    ///
    /// - Throws: `CUDAError` when the driver refuses.
    package func wait(for event: CUDAEvent) throws(CUDAError) {
        try context.call("cuStreamWaitEvent", "can't order two streams") {
            ccu_stream_wait($0, handle, event.handle, 0)
        }
    }

    /// In the driver's numbers smaller is more urgent, and which there are is the GPU's to say.
    private static func level(of priority: Priority, on context: CUDAContext) throws(CUDAError) -> Int32 {
        guard priority != .normal else { return 0 }
        var (least, greatest): (Int32, Int32) = (0, 0)
        try context.call("cuCtxGetStreamPriorityRange", "can't tell the stream priorities") {
            ccu_priority_range($0, &least, &greatest)
        }
        return priority == .low ? least : greatest
    }
}

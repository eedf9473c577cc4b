internal import CCUDADriver

/// A mark on a stream: other streams and threads can wait until work has come so far, and two marks measure the time
/// between them.
package final class CUDAEvent: Sendable {
    package let context: CUDAContext
    /// Whether it can measure time, which makes it a little slower.
    package let measuresTime: Bool
    nonisolated(unsafe) let handle: OpaquePointer

    /// Creates an event.
    ///
    /// - Parameters:
    ///   - context: The GPU whose streams it will mark.
    ///   - measuresTime: Whether `milliseconds(since:)` will be asked.
    ///   - sleepsWhileWaiting: Whether `synchronize()` sleeps, instead of spending a core on a quicker return.
    /// - Throws: `CUDAError` when the driver can't.
    package init(
        on context: CUDAContext, measuresTime: Bool = false, sleepsWhileWaiting: Bool = false
    ) throws(CUDAError) {
        let (blockingSync, disableTiming): (UInt32, UInt32) = (1, 2)
        let flags = (sleepsWhileWaiting ? blockingSync : 0) | (measuresTime ? 0 : disableTiming)
        var handle: OpaquePointer?
        try context.call("cuEventCreate", "can't create an event") { ccu_event_create($0, &handle, flags) }
        guard let handle else {
            throw context.failure(DriverResult.invalidValue, call: "cuEventCreate", what: "can't create an event")
        }
        self.context = context
        self.measuresTime = measuresTime
        self.handle = handle
    }

    deinit {
        context.release("cuEventDestroy_v2") { ccu_event_destroy($0, handle) }
    }

    /// Marks the present end of a stream; an earlier mark of this event is forgotten.
    ///
    /// - Throws: `CUDAError` when the driver refuses.
    package func record(on stream: CUDAStream) throws(CUDAError) {
        try context.call("cuEventRecord", "can't mark a stream") { ccu_event_record($0, handle, stream.handle) }
    }

    /// Waits until the mark is reached; at once when none was made.
    ///
    /// - Throws: `CUDAError`, also for failures of work before the mark.
    package func synchronize() throws(CUDAError) {
        try context.call("cuEventSynchronize", "work on the GPU failed") { ccu_event_synchronize($0, handle) }
    }

    /// Whether the mark is reached.
    ///
    /// - Throws: `CUDAError` for failures of work before the mark.
    package func isReached() throws(CUDAError) -> Bool {
        let result = try context.status { ccu_event_query($0, handle) }
        if result == DriverResult.notReady { return false }
        guard result == DriverResult.success else {
            throw context.failure(result, call: "cuEventQuery", what: "work on the GPU failed")
        }
        return true
    }

    /// Milliseconds from the other event's mark to this one's, both reached; resolution about 0.5 µs.
    ///
    /// - Throws: `CUDAError` with code `.invalidArgument` unless both measure time.
    package func milliseconds(since start: CUDAEvent) throws(CUDAError) -> Double {
        guard measuresTime, start.measuresTime else {
            throw CUDAError(
                code: .invalidArgument, what: "the time between events that don't measure time was asked for",
                where: context.device.description)
        }
        var elapsed: Float = 0
        try context.call("cuEventElapsedTime", "can't measure a time") {
            ccu_event_elapsed($0, &elapsed, start.handle, handle)
        }
        return Double(elapsed)
    }
}

internal import CCUDADriver

extension CUDAContext {
    /// Runs `body` with this context current on the calling thread, and restores what was current before. For calls
    /// into libraries that work on the current context, such as TensorRT; the objects of this room don't need it.
    ///
    /// - Parameters:
    ///   - wrap: Turns this room's error into the caller's.
    ///   - body: What to do; it must not leave another context current.
    /// - Returns: What `body` gives.
    /// - Throws: What `body` throws, or the wrapped error when the context can't be made current.
    package func withCurrent<Value, Failure: Error>(
        wrapping wrap: (CUDAError) -> Failure, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let entered: Bool
        do throws(CUDAError) { entered = try enter() } catch { throw wrap(error) }
        defer { leave(entered) }
        return try body()
    }

    /// Runs `body` with this context current on the calling thread.
    ///
    /// - Returns: What `body` gives.
    /// - Throws: What `body` throws, or the error when the context can't be made current.
    package func withCurrent<Value>(_ body: () throws(CUDAError) -> Value) throws(CUDAError) -> Value {
        try withCurrent(wrapping: { $0 }, body)
    }

    /// One call of the driver with this context current.
    func call(
        _ name: String, _ what: @autoclosure () -> String, _ body: (OpaquePointer) -> Int32
    ) throws(CUDAError) {
        let result = try status(body)
        if result != DriverResult.success { throw failure(result, call: name, what: what()) }
    }

    /// One call of the driver whose result isn't always a failure when it isn't success.
    func status(_ body: (OpaquePointer) -> Int32) throws(CUDAError) -> Int32 {
        let entered = try enter()
        let result = body(driver.table.pointer)
        leave(entered)
        return result
    }

    func failure(_ result: Int32, call: String, what: String, mend: String? = nil) -> CUDAError {
        let error = driver.error(result, call: call, what: what, where: device.description, mend: mend)
        note(error)
        return error
    }

    /// Frees something. Failures are kept in `CUDADriver.unthrownErrors`. A stream of this thread may be in the middle
    /// of its capture, during which freeing is forbidden unless the thread says that it knows what it does.
    func release(_ name: String, _ body: (OpaquePointer) -> Int32) {
        let table = driver.table.pointer
        do throws(CUDAError) {
            let entered = try enter()
            defer { leave(entered) }
            var mode = relaxedCapture
            let exchanged = ccu_thread_capture_mode(table, &mode)
            let result = body(table)
            if exchanged == DriverResult.success {
                note(releaseResult: ccu_thread_capture_mode(table, &mode), "cuThreadExchangeStreamCaptureMode")
            } else {
                note(releaseResult: exchanged, "cuThreadExchangeStreamCaptureMode")
            }
            note(releaseResult: result, name)
        } catch {
            driver.unthrown.add(error)
        }
    }

    private func note(releaseResult result: Int32, _ call: String) {
        guard result != DriverResult.success else { return }
        driver.unthrown.add(failure(result, call: call, what: "freeing failed"))
    }

    /// Makes the context current unless it is; tells whether `leave` has anything to undo.
    private func enter() throws(CUDAError) -> Bool {
        let table = driver.table.pointer
        var current: OpaquePointer?
        let asked = ccu_context_current(table, &current)
        guard asked == DriverResult.success else {
            throw failure(asked, call: "cuCtxGetCurrent", what: "can't tell this thread's context")
        }
        if current == handle { return false }
        let pushed = ccu_context_push(table, handle)
        guard pushed == DriverResult.success else {
            throw failure(pushed, call: "cuCtxPushCurrent_v2", what: "can't use the GPU on this thread")
        }
        return true
    }

    /// A failure to restore is no failure of the call between, whose result may be something to free: it is kept apart.
    private func leave(_ entered: Bool) {
        guard entered else { return }
        var popped: OpaquePointer?
        note(releaseResult: ccu_context_pop(driver.table.pointer, &popped), "cuCtxPopCurrent_v2")
    }
}

/// `CU_STREAM_CAPTURE_MODE_RELAXED`.
private let relaxedCapture: Int32 = 2

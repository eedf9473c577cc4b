internal import CCUDADriver

extension CUDAStream {
    /// Which calls are forbidden while a stream is captured, because they could end up outside the graph unnoticed.
    package enum CaptureMode: Int32, Sendable {
        /// Allocations and the like on any thread of the process.
        case global = 0
        /// Those of the capturing thread. The others go on as if nothing were.
        case threadLocal = 1
        /// None.
        case relaxed = 2
    }

    /// Records what `body` puts on this stream instead of running it, also what it puts on other streams that wait for
    /// this one (and that this one waits for before the end).
    ///
    /// - Parameters:
    ///   - mode: What is forbidden meanwhile.
    ///   - wrap: Turns this room's error into the caller's.
    ///   - body: Puts the work on the stream; it must not wait for the stream, and runs on the calling thread.
    /// - Returns: The graph.
    /// - Throws: What `body` throws (the recording is dropped), or the wrapped `CUDAError` with code `.captureFailed`.
    package func capture<Failure: Error>(
        mode: CaptureMode = .threadLocal, wrapping wrap: (CUDAError) -> Failure, _ body: () throws(Failure) -> Void
    ) throws(Failure) -> CUDAGraph {
        do throws(CUDAError) {
            try context.call("cuStreamBeginCapture_v2", "can't begin to capture a stream") {
                ccu_capture_begin($0, handle, mode.rawValue)
            }
        } catch {
            throw wrap(error)
        }
        do throws(Failure) {
            try body()
        } catch {
            dropCapture()
            throw error
        }
        do throws(CUDAError) { return try endCapture() } catch { throw wrap(error) }
    }

    /// Records what `body` puts on this stream instead of running it.
    ///
    /// - Returns: The graph.
    /// - Throws: What `body` throws, or `CUDAError` with code `.captureFailed`.
    package func capture(
        mode: CaptureMode = .threadLocal, _ body: () throws(CUDAError) -> Void
    ) throws(CUDAError) -> CUDAGraph {
        try capture(mode: mode, wrapping: { $0 }, body)
    }

    /// Whether the stream is being captured at the moment.
    ///
    /// - Throws: `CUDAError` when the driver can't tell.
    package func isCapturing() throws(CUDAError) -> Bool {
        var status: Int32 = 0
        try context.call("cuStreamIsCapturing", "can't tell whether a stream is captured") {
            ccu_capture_status($0, handle, &status)
        }
        return status != 0
    }

    private func endCapture() throws(CUDAError) -> CUDAGraph {
        var graph: OpaquePointer?
        do throws(CUDAError) {
            try context.call("cuStreamEndCapture", "what was put on the stream can't be captured") {
                ccu_capture_end($0, handle, &graph)
            }
        } catch {
            // Only a refusal before the capture was looked at leaves the stream in it.
            dropCapture()
            throw error
        }
        guard let graph else {
            throw context.failure(
                DriverResult.invalidValue, call: "cuStreamEndCapture",
                what: "what was put on the stream can't be captured")
        }
        return CUDAGraph(owning: graph, on: context)
    }

    /// Ends a capture whose outcome nobody wants. The failure that led here is the one to report, so the driver's
    /// complaint about an interrupted capture isn't.
    private func dropCapture() {
        do throws(CUDAError) {
            var status: Int32 = 0
            let asked = try context.status { ccu_capture_status($0, handle, &status) }
            if asked == DriverResult.success, status == 0 { return }
            var graph: OpaquePointer?
            _ = try context.status { ccu_capture_end($0, handle, &graph) }
            if let graph { _ = CUDAGraph(owning: graph, on: context) }
        } catch {
            context.driver.unthrown.add(error)
        }
    }
}

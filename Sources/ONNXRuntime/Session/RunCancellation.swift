internal import CONNXRuntime
internal import Synchronization

/// Stops runs from another thread. For good: make a new one for the next run that may be stopped.
package final class RunCancellation: Sendable {
    nonisolated(unsafe) let handle: OpaquePointer
    private let cancelled = Atomic(false)
    private let library: ONNXRuntimeLibrary
    private let name: String

    /// A switch for runs of one session.
    ///
    /// - Throws: `ONNXRuntimeError` when ONNX Runtime can't make one.
    package init(for session: ONNXRuntimeSession) throws(ONNXRuntimeError) {
        let settings = CSettings(session.runSettings)
        var view = settings.view
        var error = cort_error()
        guard let handle = cort_run_control_create(session.library.environment.api, &view, &error) else {
            throw ONNXRuntimeError(.runFailed, taking: &error, doing: "can't prepare a run", where: session.name)
        }
        self.handle = handle
        library = session.library
        name = session.name
    }

    deinit {
        cort_run_control_free(handle)
    }

    /// Makes every run that uses this, present and future, fail with `.cancelled` at its next graph node.
    package func cancel() throws(ONNXRuntimeError) {
        cancelled.store(true, ordering: .releasing)
        var error = cort_error()
        guard cort_run_control_cancel(handle, &error) else {
            throw ONNXRuntimeError(.runFailed, taking: &error, doing: "can't stop the run", where: name)
        }
    }

    package var isCancelled: Bool {
        cancelled.load(ordering: .acquiring)
    }
}

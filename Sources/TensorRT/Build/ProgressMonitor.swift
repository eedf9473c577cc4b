internal import CTensorRT

/// TensorRT's progress monitor for one build, and the one owner of its C++ object.
final class ProgressMonitor: Sendable {
    let state: ProgressState
    nonisolated(unsafe) let pointer: OpaquePointer

    init(handler: @escaping BuildProgressHandler) throws(TensorRTError) {
        let state = ProgressState(handler: handler)
        var error = trt_error()
        // TensorRT calls only while a build runs, and the build holds on to this object.
        var callbacks = trt_monitor_callbacks(
            context: Unmanaged.passUnretained(state).toOpaque(), phase_start: phaseStarted,
            step_complete: stepCompleted, phase_finish: phaseFinished)
        guard let monitor = trt_monitor_create(&callbacks, &error) else {
            trt_error_free(&error)
            throw TensorRTError(.callFailed, "can't make a progress monitor")
        }
        self.state = state
        pointer = monitor
    }

    deinit {
        trt_monitor_destroy(pointer)
    }
}

private func state(_ context: UnsafeMutableRawPointer?) -> ProgressState? {
    context.map { Unmanaged<ProgressState>.fromOpaque($0).takeUnretainedValue() }
}

private func phaseStarted(
    context: UnsafeMutableRawPointer?, phase: UnsafePointer<CChar>, parent: UnsafePointer<CChar>?, steps: Int32
) {
    state(context)?.start(String(cString: phase), parent: parent.map { String(cString: $0) }, steps: Int(steps))
}

private func stepCompleted(context: UnsafeMutableRawPointer?, phase: UnsafePointer<CChar>, step: Int32) -> Bool {
    // Steps are counted from 0 when they are done.
    state(context)?.report(String(cString: phase), step: Int(step) + 1) ?? true
}

private func phaseFinished(context: UnsafeMutableRawPointer?, phase: UnsafePointer<CChar>) {
    state(context)?.finish(String(cString: phase))
}

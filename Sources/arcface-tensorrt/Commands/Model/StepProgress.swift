import ArcFaceTensorRT
import Synchronization

/// Shows the steps of a check and how far each is.
final class StepProgress: Sendable {
    private let status: StatusLine
    private let step = Mutex((name: "", began: ContinuousClock.now))

    init(_ status: StatusLine) {
        self.status = status
    }

    func show(_ event: ModelCheck.Event) {
        switch event {
        case .failed(let text): status.message("failed: \(text)")
        case .began(let name):
            step.withLock { $0 = (name, ContinuousClock.now) }
            status.end()
            status.message(name)
        case .progress(let done, let total):
            let began = step.withLock { $0.began }
            status.progress(
                ProgressText(
                    done: done, total: total, faces: done, failures: 0, elapsed: ContinuousClock.now - began,
                    doneNow: done))
        }
    }
}

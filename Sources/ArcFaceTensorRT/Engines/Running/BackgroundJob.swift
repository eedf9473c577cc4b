import Dispatch
import Synchronization

/// One piece of work on a thread of its own, which may be told to stop.
final class BackgroundJob: Sendable {
    private let stopped = Atomic(false)
    private let group = DispatchGroup()

    /// Whether the work shall end.
    var isStopped: Bool { stopped.load(ordering: .relaxed) }

    /// Begins the work. It may take minutes, so it gets no thread of the cooperative pool.
    func run(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "ArcFaceTensorRT.build", qos: .utility).async(group: group, execute: body)
    }

    /// Tells the work to stop, without waiting for it.
    func stop() { stopped.store(true, ordering: .relaxed) }

    /// Tells the work to stop, and waits until it has.
    func stopAndWait() {
        stop()
        group.wait()
    }
}

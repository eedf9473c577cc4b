internal import Synchronization

/// The phases that a build is in, and whether it has been cancelled. Any thread may call.
final class ProgressState: Sendable {
    private struct Phase {
        var parent: String?
        var steps: Int
    }

    private struct State {
        var phases: [String: Phase] = [:]
        var isCancelled = false
    }

    private let handler: BuildProgressHandler
    private let state = Mutex(State())

    init(handler: @escaping BuildProgressHandler) {
        self.handler = handler
    }

    /// Whether the handler has said stop.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func start(_ phase: String, parent: String?, steps: Int) {
        state.withLock { $0.phases[phase] = Phase(parent: parent, steps: steps) }
        report(phase, step: 0)
    }

    func finish(_ phase: String) {
        state.withLock { _ = $0.phases.removeValue(forKey: phase) }
    }

    /// Asks the handler; once it has said stop, it isn't asked again and the answer stays.
    @discardableResult
    func report(_ phase: String, step: Int) -> Bool {
        let (known, cancelled) = state.withLock { ($0.phases[phase], $0.isCancelled) }
        guard !cancelled else { return false }
        let progress = BuildProgress(phase: phase, parent: known?.parent, step: step, steps: known?.steps ?? step)
        guard handler(progress) else {
            state.withLock { $0.isCancelled = true }
            return false
        }
        return true
    }
}

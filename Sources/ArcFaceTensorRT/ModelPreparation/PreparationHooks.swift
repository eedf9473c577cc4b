import Foundation
import ONNXRuntime

/// Who follows the preparation of a model: is told what goes on, and may end it.
package struct PreparationHooks: Sendable {
    /// Told one line at a time, from any thread.
    package var message: @Sendable (String) -> Void
    /// Told how far a step is, from any thread.
    package var progress: @Sendable (EngineBuildProgress) -> Void
    /// Asked often, from any thread; true ends the preparation with `ArcFaceError`'s code `cancelled`.
    package var shouldStop: @Sendable () -> Bool

    /// What is told to whom; see the properties.
    package init(
        message: @escaping @Sendable (String) -> Void = { _ in },
        progress: @escaping @Sendable (EngineBuildProgress) -> Void = { _ in },
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) {
        self.message = message
        self.progress = progress
        self.shouldStop = shouldStop
    }

    /// The same for who follows an engine's build, which the preparation is a part of.
    package init(
        report: @escaping @Sendable (EngineBuildJob.Event) -> Void, shouldStop: @escaping @Sendable () -> Bool
    ) {
        self.init(
            message: { report(.message($0)) }, progress: { report(.progress($0)) }, shouldStop: shouldStop)
    }

    /// Throws the code `cancelled` if the preparation shall end.
    func check() throws(ArcFaceError) {
        if shouldStop() { throw .cancelled }
    }

    /// A step whose progress is told.
    func step(_ name: String, of total: Int) -> Step { Step(name: name, total: total, hooks: self) }

    /// Part of a preparation that takes a while.
    struct Step {
        private let name: String
        private let total: Int
        private let hooks: PreparationHooks
        private let start = ContinuousClock.now

        fileprivate init(name: String, total: Int, hooks: PreparationHooks) {
            self.name = name
            self.total = total
            self.hooks = hooks
        }

        /// Tells that so many parts of the step are done.
        func finished(_ count: Int) {
            guard total > 0 else { return }
            hooks.progress(
                EngineBuildProgress(
                    phase: name, fraction: Double(count) / Double(total), elapsed: ContinuousClock.now - start))
        }
    }

    /// Lends a switch that stops the session's runs as soon as the preparation shall end, and not at the next batch.
    ///
    /// - Parameters:
    ///   - session: whose runs are stopped.
    ///   - body: runs the session with the switch.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws; a stopped run throws `ONNXRuntimeError` with the code `cancelled`.
    func stopping<Result>(
        _ session: ONNXRuntimeSession, _ body: (RunCancellation) throws -> Result
    ) throws -> Result {
        let cancellation = try RunCancellation(for: session)
        let timer = DispatchSource.makeTimerSource(queue: .global(qos: .userInitiated))
        timer.schedule(deadline: .now(), repeating: .milliseconds(50))
        timer.setEventHandler { [shouldStop] in
            guard shouldStop(), !cancellation.isCancelled else { return }
            // Should ONNX Runtime refuse to stop the run under way, the check before the next one ends the work.
            try? cancellation.cancel()
        }
        timer.resume()
        defer { timer.cancel() }
        return try body(cancellation)
    }
}

extension ArcFaceError {
    /// Someone asked the process to stop.
    static var cancelled: ArcFaceError { ArcFaceError(.cancelled, "interrupted; nothing was written") }
}

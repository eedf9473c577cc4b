/// How to wait for a lock that another builder holds.
package struct LockWaiting: Sendable {
    /// The longest wait; nil waits for as long as it takes.
    package var limit: Duration?
    /// Told who builds, once when the wait begins and again whenever that is someone else; nil if the file doesn't say.
    package var report: @Sendable (LockHolder?) -> Void
    /// Asked between attempts, a few times a second: true gives up.
    package var shouldStop: @Sendable () -> Bool

    /// Names a way to wait; the default waits silently and for ever.
    package init(
        limit: Duration? = nil, report: @escaping @Sendable (LockHolder?) -> Void = { _ in },
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) {
        self.limit = limit
        self.report = report
        self.shouldStop = shouldStop
    }
}

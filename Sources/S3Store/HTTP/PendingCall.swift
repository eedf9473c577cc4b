internal import Dispatch
internal import Synchronization

/// Asynchronous work under way, for callers that wait.
final class PendingCall<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, S3Error>?>(nil)
    private let finished = DispatchSemaphore(value: 0)
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Begins.
    init(_ operation: @escaping @Sendable () async throws(S3Error) -> Value) {
        let started = Task(executorPreference: S3Threads.shared) { [self] in
            let outcome: Result<Value, S3Error>
            do throws(S3Error) {
                outcome = .success(try await operation())
            } catch {
                outcome = .failure(error)
            }
            result.withLock { $0 = outcome }
            finished.signal()
        }
        task.withLock { $0 = started }
    }

    /// Ends it early; `wait` still has to be called.
    func cancel() { task.withLock { $0?.cancel() } }

    /// Waits for the end. May be called once.
    ///
    /// - Parameter shouldStop: asked a few times a second; true cancels.
    /// - Returns: what came of the work.
    /// - Throws: what the work threw.
    func wait(_ shouldStop: () -> Bool = { false }) throws(S3Error) -> Value {
        while finished.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            if shouldStop() { cancel() }
        }
        guard let outcome = result.withLock({ $0 }) else {
            throw S3Error(.interrupted, "waited for twice", at: "")
        }
        return try outcome.get()
    }
}

import Dispatch
import Synchronization

/// Hands elements from a thread to a task. The thread waits while the task is behind by more than the capacity.
final class BoundedChannel<Element: Sendable>: Sendable {
    private struct State {
        var buffer: [Element] = []
        /// Set after the last element; the error, if it ended with one.
        var end: Result<Void, ArcFaceError>?
        var isClosed = false
        var waiting: CheckedContinuation<Element?, any Error>?
    }

    private let state = Mutex(State())
    private let room: DispatchSemaphore

    init(capacity: Int) {
        // Not `value: capacity`: a semaphore that is let go below the value it was made with ends the process.
        room = DispatchSemaphore(value: 0)
        for _ in 0..<capacity { room.signal() }
    }

    /// Whether nobody takes elements any more.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Hands over an element, and blocks while there is no room. A closed channel drops it.
    func send(_ element: Element) {
        room.wait()
        let waiting: CheckedContinuation<Element?, any Error>? = state.withLock { state in
            guard !state.isClosed else { return nil }
            if let waiting = state.waiting.take() { return waiting }
            state.buffer.append(element)
            return nil
        }
        if let waiting {
            room.signal()
            waiting.resume(returning: element)
        } else if isClosed {
            // For whoever sends next: nothing blocks any more.
            room.signal()
        }
    }

    /// Says that there are no more elements, or why there are none.
    func finish(_ error: ArcFaceError?) {
        let waiting = state.withLock { state in
            state.end = error.map(Result.failure) ?? .success(())
            return state.waiting.take()
        }
        guard let waiting else { return }
        if let error { waiting.resume(throwing: error) } else { waiting.resume(returning: nil) }
    }

    /// The next element; nil after the last, after `close`, and once the task is cancelled.
    func next() async throws -> Element? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let now: Result<Element?, any Error>? = state.withLock { state in
                    if state.isClosed { return .success(nil) }
                    if !state.buffer.isEmpty { return .success(state.buffer.removeFirst()) }
                    switch state.end {
                    case .success: return .success(nil)
                    case .failure(let error): return .failure(error)
                    case nil:
                        state.waiting = continuation
                        return nil
                    }
                }
                guard let now else { return }
                if case .success(.some) = now { room.signal() }
                continuation.resume(with: now)
            }
        } onCancel: {
            close()
        }
    }

    /// Takes no more elements: who sends goes on without waiting, who waits gets nil.
    func close() {
        let (isFirst, waiting) = state.withLock { state in
            defer { state.isClosed = true }
            return (!state.isClosed, state.waiting.take())
        }
        if isFirst { room.signal() }
        waiting?.resume(returning: nil)
    }
}

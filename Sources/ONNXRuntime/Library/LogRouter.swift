internal import Synchronization

/// Hands each log record of one environment to every library object that listens.
final class LogRouter: Sendable {
    private struct State {
        var handlers: [Int: ONNXRuntimeLogHandler] = [:]
        var nextKey = 0
    }

    private let state = Mutex(State())

    /// Adds a handler and gives the key to remove it with.
    func add(_ handler: @escaping ONNXRuntimeLogHandler) -> Int {
        state.withLock { state in
            state.nextKey += 1
            state.handlers[state.nextKey] = handler
            return state.nextKey
        }
    }

    func remove(_ key: Int) {
        state.withLock { _ = $0.handlers.removeValue(forKey: key) }
    }

    func send(_ record: ONNXRuntimeLogRecord) {
        // Called outside the lock: a handler may create or free a library object.
        for handler in state.withLock({ Array($0.handlers.values) }) { handler(record) }
    }
}

/// The C side of the router; `context` is the `LogRouter` that the environment keeps alive.
func routeLogRecord(
    context: UnsafeMutableRawPointer?, severity: Int32, category: UnsafePointer<CChar>?,
    session: UnsafePointer<CChar>?, location: UnsafePointer<CChar>?, message: UnsafePointer<CChar>?
) {
    guard let context else { return }
    func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
    Unmanaged<LogRouter>.fromOpaque(context).takeUnretainedValue().send(
        ONNXRuntimeLogRecord(
            severity: ONNXRuntimeLogSeverity(rawValue: severity) ?? .error, category: text(category),
            session: text(session), location: text(location), message: text(message)))
}

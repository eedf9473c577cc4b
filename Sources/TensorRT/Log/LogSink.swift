internal import Glibc
internal import Logging
internal import Synchronization

/// Takes messages to swift-log, and remembers the grave ones for the errors that follow.
final class LogSink: Sendable {
    private struct Memory {
        var sequence: UInt64
        var thread: UInt
        var record: TensorRTLogRecord
    }

    private struct State {
        var loggers: [Int: Logger] = [:]
        var nextKey = 0
        var sequence: UInt64 = 0
        var memories: [Memory] = []
    }

    private static let memoryLimit = 64
    private static let reportLimit = 16

    private let state = Mutex(State())

    /// Adds a listener and gives the key to remove it with.
    func add(_ listener: Logger) -> Int {
        state.withLock { state in
            state.nextKey += 1
            state.loggers[state.nextKey] = listener
            return state.nextKey
        }
    }

    func remove(_ key: Int) {
        state.withLock { $0.loggers[key] = nil }
    }

    /// Whether anyone listens to verbose messages.
    var wantsVerbose: Bool {
        state.withLock { $0.loggers.values.contains { $0.logLevel <= TensorRTLogSeverity.verbose.level } }
    }

    /// The point in the log to ask `messages(since:)` about later.
    var position: UInt64 {
        state.withLock { $0.sequence }
    }

    /// Warnings and errors since then. If this thread logged any error, only its messages count: the others may belong
    /// to another call. Otherwise TensorRT's worker threads may have logged them.
    func messages(since position: UInt64) -> [TensorRTLogRecord] {
        let recent = state.withLock { $0.memories.filter { $0.sequence > position } }
        let here = Self.currentThread
        let own = recent.filter { $0.thread == here }
        let relevant = own.contains { $0.record.severity <= .error } ? own : recent
        return relevant.suffix(Self.reportLimit).map(\.record)
    }

    func receive(_ record: TensorRTLogRecord) {
        let loggers = state.withLock { state in
            if record.severity <= .warning {
                state.sequence += 1
                if state.memories.count == Self.memoryLimit { state.memories.removeFirst() }
                state.memories.append(
                    Memory(sequence: state.sequence, thread: Self.currentThread, record: record))
            }
            return Array(state.loggers.values)
        }
        // Outside the lock: a handler may do anything.
        for logger in loggers { logger.log(level: record.severity.level, "\(record.message)") }
    }

    private static var currentThread: UInt { UInt(pthread_self()) }
}

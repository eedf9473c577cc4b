import Logging
import Synchronization

/// A logger that keeps what it is told.
final class CollectedLog: Sendable {
    private let entries = Mutex<[(level: Logger.Level, message: String)]>([])

    var logger: Logger {
        var logger = Logger(label: "gpu-check") { _ in Handler(log: self) }
        logger.logLevel = .debug
        return logger
    }

    var count: Int { entries.withLock { $0.count } }

    var errors: [String] { entries.withLock { $0.filter { $0.level >= .error }.map(\.message) } }

    private struct Handler: LogHandler {
        var log: CollectedLog
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.entries.withLock { $0.append((event.level, "\(event.message)")) }
        }
    }
}

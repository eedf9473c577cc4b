import Logging
import Synchronization

/// A logger whose messages tests look at.
final class RecordedLog: Sendable {
    private let entries = Mutex<[(level: Logger.Level, message: String)]>([])
    private let level: Logger.Level

    init(level: Logger.Level) {
        self.level = level
    }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = level
        return logger
    }

    var messages: [(level: Logger.Level, message: String)] { entries.withLock { $0 } }

    func level(of message: String) -> Logger.Level? {
        messages.first { $0.message.contains(message) }?.level
    }

    private struct Handler: LogHandler {
        var log: RecordedLog
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

import Logging
import ONNXRuntime
import Synchronization

/// Hands the runtimes' own log records to swift-log, labels `onnxruntime`, `python` and `ArcFaceTensorRT.build`.
enum RuntimeLog {
    private static let logger = Logger(label: "onnxruntime")
    private static let last = Mutex<ONNXRuntimeLogRecord?>(nil)

    private static let builds = Logger(label: "ArcFaceTensorRT.build")

    /// Logs what an engine's build tells: messages as notices, progress as information.
    static func write(_ event: EngineBuildJob.Event) {
        switch event {
        case .message(let text): builds.notice("\(text)")
        case .progress(let progress): builds.info("\(progress)")
        case .warning(let text): builds.warning("\(text)")
        }
    }

    private static let pythons = Logger(label: "python")

    /// Logs what a Python process writes to standard error: libraries' warnings, and tracebacks, whose essence errors tell.
    static func python(_ line: String) {
        pythons.debug("\(line)")
    }

    /// Logs a record. ONNX Runtime has one log for the process, so each library that is loaded is told of each record: of equal ones in a row
    /// the first is enough.
    static func write(_ record: ONNXRuntimeLogRecord) {
        let isNew = last.withLock { last in
            defer { last = record }
            return last != record
        }
        guard isNew else { return }
        logger.log(
            level: record.severity.level, "\(record.message)", metadata: ["session": "\(record.session)"])
    }
}

extension ONNXRuntimeLogSeverity {
    fileprivate var level: Logger.Level {
        switch self {
        case .verbose: .trace
        case .info: .info
        case .warning: .warning
        case .error: .error
        case .fatal: .critical
        }
    }
}

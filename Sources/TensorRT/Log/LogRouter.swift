internal import CTensorRT
internal import Logging
internal import Synchronization

/// TensorRT's logger for one library file.
///
/// TensorRT keeps the first logger that it is given until it is unloaded, whoever is still there. So each library file
/// gets one router for the life of the process, and `TensorRTLibrary` objects subscribe to it.
final class LogRouter: Sendable {
    private static let routers = Mutex<[String: LogRouter]>([:])

    let sink: LogSink
    nonisolated(unsafe) let logger: OpaquePointer

    /// The router of a library file, made on first use and never freed.
    static func shared(for path: String) throws(TensorRTError) -> LogRouter {
        let outcome: Result<LogRouter, TensorRTError> = routers.withLock { routers in
            if let known = routers[path] { return .success(known) }
            do throws(TensorRTError) {
                let router = try LogRouter(path: path)
                routers[path] = router
                return .success(router)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private init(path: String) throws(TensorRTError) {
        let sink = LogSink()
        var error = trt_error()
        let context = Unmanaged.passUnretained(sink).toOpaque()
        guard let logger = trt_logger_create(routeLogMessage, context, TensorRTLogSeverity.info.rawValue, &error)
        else {
            let reason = error.message.map { String(cString: $0) } ?? "no memory"
            trt_error_free(&error)
            throw TensorRTError(.callFailed, "can't make a logger (\(reason))", at: path)
        }
        self.sink = sink
        self.logger = logger
    }

    deinit {
        trt_logger_destroy(logger)
    }

    /// Adds a listener and gives the key to remove it with.
    func add(_ listener: Logger) -> Int {
        let key = sink.add(listener)
        adjustThreshold()
        return key
    }

    func remove(_ key: Int) {
        sink.remove(key)
        adjustThreshold()
    }

    /// Verbose messages come by the thousand, so they are made only for someone who reads them.
    private func adjustThreshold() {
        let severity: TensorRTLogSeverity = sink.wantsVerbose ? .verbose : .info
        trt_logger_set_threshold(logger, severity.rawValue)
    }
}

/// The C side of the router; `context` is a `LogSink` that its router keeps alive.
private func routeLogMessage(context: UnsafeMutableRawPointer?, severity: Int32, message: UnsafePointer<CChar>) {
    guard let context else { return }
    Unmanaged<LogSink>.fromOpaque(context).takeUnretainedValue().receive(
        TensorRTLogRecord(
            severity: TensorRTLogSeverity(rawValue: severity) ?? .error, message: String(cString: message)))
}

/// One record of ONNX Runtime's log. The library itself writes nothing to standard error.
package struct ONNXRuntimeLogRecord: Sendable, Equatable {
    package var severity: ONNXRuntimeLogSeverity
    /// The part of ONNX Runtime that speaks, such as `onnxruntime`.
    package var category: String
    /// The session's name, or the environment's where no session speaks.
    package var session: String
    /// File, line and function inside ONNX Runtime.
    package var location: String
    package var message: String
}

/// How much a log record matters, numbered as in ONNX Runtime.
package enum ONNXRuntimeLogSeverity: Int32, Sendable, Comparable {
    case verbose, info, warning, error, fatal

    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Receives log records; called from whatever thread ONNX Runtime happens to be on.
package typealias ONNXRuntimeLogHandler = @Sendable (ONNXRuntimeLogRecord) -> Void

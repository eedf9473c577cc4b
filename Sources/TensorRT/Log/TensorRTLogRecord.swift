package import Logging

/// One message of TensorRT's log. The library itself writes nothing to standard error.
package struct TensorRTLogRecord: Sendable, Equatable {
    package var severity: TensorRTLogSeverity
    package var message: String

    package init(severity: TensorRTLogSeverity, message: String) {
        self.severity = severity
        self.message = message
    }
}

/// How much a message matters, numbered as in TensorRT: lower is graver.
package enum TensorRTLogSeverity: Int32, Sendable, Comparable {
    case internalError, error, warning, info, verbose

    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The level in swift-log. TensorRT's "info" reports every step of a load, which is debugging to a user.
    package var level: Logger.Level {
        switch self {
        case .internalError: .critical
        case .error: .error
        case .warning: .warning
        case .info: .debug
        case .verbose: .trace
        }
    }
}

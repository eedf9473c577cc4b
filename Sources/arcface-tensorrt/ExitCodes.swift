import ArcFaceTensorRT

/// The exit codes that the README documents; those above 63 are `sysexits.h`'s.
enum ExitStatus {
    static let nothingEmbedded: Int32 = 1
    static let failed: Int32 = 1
    static let doubtful: Int32 = 2
    static let usage: Int32 = 64
    static let unavailable: Int32 = 69
    static let configuration: Int32 = 78
    static let interrupted: Int32 = 130

    /// The exit code for a configuration: what was typed is a wrong command line, whatever it would have set.
    static func of(_ error: ConfigurationError) -> Int32 {
        let isTyped = error.issues.allSatisfy { issue in
            guard case .commandLine = issue.place, issue.code != .contradiction else { return false }
            return true
        }
        return isTyped ? usage : configuration
    }

    /// The exit code for an error of the facade.
    static func of(_ error: ArcFaceError) -> Int32 {
        switch error.code {
        case .modelUnusable, .invalidInput, .resumeMismatch: 65
        case .inputMissing, .modelMissing: 66
        case .unavailable: 69
        case .runtimeFailed: 70
        case .outputUnwritable: 73
        case .writeFailed: 74
        case .configuration: 78
        case .cancelled: interrupted
        }
    }
}

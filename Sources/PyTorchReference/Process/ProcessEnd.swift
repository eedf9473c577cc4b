import Glibc

/// How a process ended.
enum ProcessEnd: Sendable, Equatable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)
    /// The host collects its children itself, so nothing is known.
    case unknown

    /// Reads the status of `waitpid`.
    init(waitStatus status: Int32) {
        // What the macros WIFEXITED, WEXITSTATUS and WTERMSIG do.
        let signal = status & 0x7f
        self = signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
    }

    var description: String {
        switch self {
        case .exited(let code): "ended with code \(code)"
        case .killed(SIGKILL): "was killed (SIGKILL)"
        case .killed(SIGSEGV): "crashed (SIGSEGV)"
        case .killed(SIGABRT): "aborted (SIGABRT)"
        case .killed(let signal): "was ended by signal \(signal)"
        case .unknown: "ended"
        }
    }

    /// What often lies behind it.
    var mend: String? {
        self == .killed(signal: SIGKILL) ? "short of memory? dmesg tells; take smaller batches" : nil
    }
}

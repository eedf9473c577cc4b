import Foundation

/// Messages for people on standard error: a progress bar that redraws itself on a terminal, plain lines elsewhere.
final class StatusLine: @unchecked Sendable {
    private let isTerminal: Bool
    private let lock = NSLock()
    // Guarded by `lock`.
    private var bar = ""
    private var lastDrawn = ContinuousClock.now - .seconds(3600)

    init() {
        isTerminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// How often progress is shown: often on a terminal, seldom in a log file.
    private var interval: Duration { isTerminal ? .milliseconds(100) : .seconds(10) }

    /// Prints a line that stays.
    func message(_ text: String) {
        lock.withLock {
            erase()
            write(text + "\n")
            if isTerminal { write(bar) }
        }
    }

    /// Shows progress, if the last time is long enough ago.
    func progress(_ progress: @autoclosure () -> some StatusText) {
        lock.withLock {
            let now = ContinuousClock.now
            guard now - lastDrawn >= interval else { return }
            lastDrawn = now
            let text = progress()
            if isTerminal {
                erase()
                bar = text.bar(columns: columns())
                write(bar)
            } else {
                write(text.line + "\n")
            }
        }
    }

    /// Removes the bar.
    func end() {
        lock.withLock {
            erase()
            bar = ""
        }
    }

    private func erase() {
        if isTerminal, !bar.isEmpty { write("\r\u{1B}[K") }
    }

    private func columns() -> Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}

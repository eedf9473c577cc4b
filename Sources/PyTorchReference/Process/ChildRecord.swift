import Foundation
import Synchronization

/// What is known of a child: the end of what it wrote to standard error, and how it ended. Shared with the thread that looks after it.
final class ChildRecord: Sendable {
    private struct State {
        var exit: ProcessEnd?
        var tail: [UInt8] = []
        var line: [UInt8] = []
    }

    /// Bytes of standard error that are kept.
    private let limit: Int
    private let log: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let ended = NSCondition()

    init(limit: Int, log: @escaping @Sendable (String) -> Void) {
        self.limit = limit
        self.log = log
    }

    /// How the child ended, nil while it runs.
    var exit: ProcessEnd? { state.withLock { $0.exit } }

    /// The end of what the child wrote to standard error.
    var tail: String { state.withLock { String(decoding: $0.tail, as: UTF8.self) } }

    /// The last line that isn't empty of that: of a traceback, the exception.
    var lastWords: String? {
        let line = tail.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
        return line.map { String($0.prefix(400)) }
    }

    func append(_ bytes: some Sequence<UInt8>) {
        let lines = state.withLock { state in
            state.tail += bytes
            if state.tail.count > limit { state.tail.removeFirst(state.tail.count - limit) }
            state.line += bytes
            guard let end = state.line.lastIndex(of: UInt8(ascii: "\n")) else {
                if state.line.count > limit { state.line.removeAll() }
                return [String]()
            }
            defer { state.line.removeSubrange(...end) }
            return String(decoding: state.line[..<end], as: UTF8.self).split(separator: "\n").map(String.init)
        }
        lines.forEach(log)
    }

    func end(_ status: ProcessEnd) {
        state.withLock { $0.exit = status }
        ended.withLock { ended.broadcast() }
    }

    /// Waits until the child has ended and was collected; false if it hadn't by the deadline.
    func wait(until deadline: Date) -> Bool {
        ended.withLock {
            while exit == nil {
                if !ended.wait(until: deadline) { return exit != nil }
            }
            return true
        }
    }
}

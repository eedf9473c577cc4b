/// Everything that is wrong with a configuration, so that it can be mended in one go.
public struct ConfigurationError: Error, Sendable, Equatable {
    /// What is wrong, in the order in which it was found; never empty. At most 50, the rest is left out.
    public let issues: [ConfigurationIssue]

    init(_ issue: ConfigurationIssue) {
        issues = [issue]
    }

    /// Nil if nothing is wrong.
    init?(_ log: ConfigurationIssueLog) {
        if log.issues.isEmpty { return nil }
        issues = log.issues
    }
}

extension ConfigurationError: CustomStringConvertible {
    /// One line an issue.
    public var description: String {
        issues.map(\.description).joined(separator: "\n")
    }
}

/// Collects issues up to a number that a person would read.
struct ConfigurationIssueLog {
    static let limit = 50

    private(set) var issues: [ConfigurationIssue] = []

    var isFull: Bool { issues.count >= Self.limit }

    /// Notes an issue. The closure isn't called when there are enough, since suggestions cost time.
    mutating func add(_ issue: @autoclosure () -> ConfigurationIssue) {
        if !isFull { issues.append(issue()) }
    }
}

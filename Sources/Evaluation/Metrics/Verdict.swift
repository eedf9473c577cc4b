/// Good, doubtful, or bad; the worse, the larger.
public enum Verdict: String, Sendable, Comparable, Codable, CaseIterable {
    /// Meets the target.
    case pass = "PASS"
    /// Between target and warning.
    case warn = "WARN"
    /// Beyond the warning.
    case fail = "FAIL"

    /// Whether the left verdict is the better one.
    public static func < (left: Verdict, right: Verdict) -> Bool {
        left.severity < right.severity
    }

    private var severity: Int {
        switch self {
        case .pass: 0
        case .warn: 1
        case .fail: 2
        }
    }

    /// PASS from the target up, FAIL below the warning and for NaN, WARN between.
    static func atLeast(_ value: Double, target: Double, warning: Double) -> Verdict {
        if value >= target { .pass } else if value >= warning { .warn } else { .fail }
    }

    /// PASS below the target, FAIL above the warning and for NaN, WARN between.
    static func below(_ value: Double, target: Double, warning: Double) -> Verdict {
        if value < target { .pass } else if value <= warning { .warn } else { .fail }
    }
}

/// How one kind of value is read, checked, shown and described.
struct ConfigurationRule<Value: Sendable>: Sendable {
    /// The kind, for the reference: `integer`, `one of rgb, bgr`.
    let type: String
    /// The values that are allowed, for the reference and for messages: `from 1 to 4096`. Empty if all are.
    let allowed: String
    /// Reads a setting that says something (see ``RawSetting/isUnset``), without checking its range.
    let read: @Sendable (RawSetting) throws(ValueProblem) -> Value
    /// Checks a value, wherever it came from.
    let check: @Sendable (Value, Int?) throws(ValueProblem) -> Void
    let show: @Sendable (Value) -> ConfigurationValue

    /// Type and range in one phrase.
    var expectation: String { allowed.isEmpty ? type : "\(type) \(allowed)" }

    /// The same rule for a value that may be missing.
    static func optional<Wrapped>(_ rule: ConfigurationRule<Wrapped>) -> Self where Value == Wrapped? {
        Self(
            type: rule.type, allowed: rule.allowed,
            read: { raw throws(ValueProblem) in try rule.read(raw) },
            check: { value, line throws(ValueProblem) in if let value { try rule.check(value, line) } },
            show: { value in value.map(rule.show) ?? .null })
    }
}

extension ConfigurationRule where Value == Bool {
    /// `true` or `false`.
    static var boolean: Self {
        Self(
            type: "boolean", allowed: "",
            read: { raw throws(ValueProblem) in
                guard case .boolean(let value) = raw.spelled else {
                    throw .wrongType(raw, wanted: "true or false", mend: "write true or false, without quotes")
                }
                return value
            },
            check: { _, _ in }, show: { .boolean($0) })
    }
}

extension ConfigurationRule where Value == Int {
    /// A whole number in `range`.
    static func integer(_ range: ClosedRange<Int>) -> Self {
        let allowed = "from \(range.lowerBound) to \(range.upperBound)"
        let wanted = "a whole number \(allowed)"
        return Self(
            type: "integer", allowed: allowed,
            read: { raw throws(ValueProblem) in
                guard case .integer(let value) = raw.spelled else {
                    throw .wrongType(raw, wanted: wanted, mend: "write digits only, without quotes or leading zeros")
                }
                return value
            },
            check: { value, line throws(ValueProblem) in
                if range.contains(value) { return }
                let nearest = value < range.lowerBound ? range.lowerBound : range.upperBound
                throw .impossible("\(value)", wanted: wanted, mend: "the nearest is \(nearest)", line: line)
            },
            show: { .integer($0) })
    }
}

extension ConfigurationRule where Value == Double {
    /// A finite number from `lower`, or above it where `excludingLower`, to `upper`.
    static func number(_ lower: Double, _ upper: Double, excludingLower: Bool = false) -> Self {
        let ends = [lower, upper].map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }
        let allowed = excludingLower ? "above \(ends[0]), at most \(ends[1])" : "from \(ends[0]) to \(ends[1])"
        return Self(
            type: "number", allowed: allowed,
            read: { raw throws(ValueProblem) in
                switch raw.spelled {
                case .integer(let value): return Double(value)
                case .number(let value): return value
                default:
                    throw .wrongType(raw, wanted: "a number \(allowed)", mend: "write it like 0.995, without quotes")
                }
            },
            check: { value, line throws(ValueProblem) in
                if value >= lower, value <= upper, !(excludingLower && value == lower) { return }
                throw .impossible(
                    "\(value)", wanted: "a number \(allowed)", mend: "choose one in that range", line: line)
            },
            show: { .number($0) })
    }
}

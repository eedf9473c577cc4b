/// Why a rule refuses a setting.
struct ValueProblem: Error {
    let code: ConfigurationIssue.Code
    /// What was found and what is wanted.
    let what: String
    /// What to do about it.
    let mend: String
    /// The line in the file, where that is more exact than the key's line.
    let line: Int?

    /// The setting is of another kind than the key wants.
    static func wrongType(_ raw: RawSetting, wanted: String, mend: String) -> ValueProblem {
        ValueProblem(code: .wrongType, what: "found \(raw.found), wanted \(wanted)", mend: mend, line: raw.line)
    }

    /// The setting is of the right kind but can't be.
    static func impossible(_ shown: String, wanted: String, mend: String, line: Int?) -> ValueProblem {
        ValueProblem(
            code: .impossibleValue, what: "\(shown) is impossible, wanted \(wanted)", mend: mend, line: line)
    }
}

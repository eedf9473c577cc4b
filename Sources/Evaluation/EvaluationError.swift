/// Why numbers can't be evaluated.
public struct EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Kinds of failure; cases may be added.
    public enum Code: Sendable, Equatable {
        /// There is nothing to evaluate.
        case empty
        /// Two sets differ in size, or a size isn't a multiple of the embedding's width.
        case sizeMismatch
        /// More than the evaluation is made for.
        case tooMany
    }

    /// The kind of failure.
    public var code: Code
    /// What is wrong, in one sentence without a full stop.
    public var what: String
    /// What to do about it; may be empty.
    public var mend: String

    /// An error with its parts as given.
    public init(code: Code, what: String, mend: String = "") {
        self.code = code
        self.what = what
        self.mend = mend
    }

    /// One line: what, and the mend.
    public var description: String {
        mend.isEmpty ? what : "\(what); \(mend)"
    }
}

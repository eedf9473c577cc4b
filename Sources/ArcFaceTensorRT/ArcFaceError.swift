/// What went wrong in a job of the facade: what, where, and how to mend it, in one line.
public struct ArcFaceError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that a caller may want to tell apart. More may be added.
    public enum Code: String, Sendable {
        /// A path that was named does not exist or holds nothing usable.
        case inputMissing
        /// The model file is missing.
        case modelMissing
        /// The model file is damaged or is no face model.
        case modelUnusable
        /// A native library, a GPU or a Python that the job needs is not there.
        case unavailable
        /// A runtime failed while it was computing.
        case runtimeFailed
        /// An output file or folder can't be created.
        case outputUnwritable
        /// Writing failed midway: disk full, quota, file-size limit.
        case writeFailed
        /// `--resume` doesn't fit what is on the disk.
        case resumeMismatch
        /// The configuration asks for something impossible.
        case configuration
        /// The batch or photo handed in does not have the promised layout.
        case invalidInput
        /// The caller asked the job to stop before there was a result.
        case cancelled
    }

    /// The kind of failure.
    public let code: Code
    /// What happened.
    public let what: String
    /// The file, option or device concerned, if one is.
    public let location: String?
    /// What to do about it, if anything is known to help.
    public let mend: String?

    /// Creates an error from its parts.
    ///
    /// - Parameters:
    ///   - code: the kind of failure.
    ///   - what: what happened, without the place.
    ///   - location: the file, option or device concerned.
    ///   - mend: what to do about it.
    public init(_ code: Code, _ what: String, at location: String? = nil, mend: String? = nil) {
        self.code = code
        self.what = what
        self.location = location
        self.mend = mend
    }

    /// One line: place, what, mend.
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        let advice = mend.map { " (\($0))" } ?? ""
        return place + what + advice
    }
}

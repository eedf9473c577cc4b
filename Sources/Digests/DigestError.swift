internal import Glibc

/// Why a file's digest couldn't be taken. `description` is one line: where, what, and what to do about it.
package struct DigestError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Sendable {
        /// There is no such file, or it may not be opened.
        case unopenable
        /// A folder, a pipe, a device.
        case notRegularFile
        /// Reading failed midway.
        case unreadable
    }

    /// The kind of failure.
    package let code: Code
    /// What is wrong, with the system's reason.
    package let what: String
    /// The file's path.
    package let location: String
    /// What to do about it.
    package let mend: String

    init(_ code: Code, _ what: String, at location: String, mend: String = "give the path of a file") {
        self.code = code
        self.what = what
        self.location = location
        self.mend = mend
    }

    /// Adds the text of the last system error.
    static func system(_ code: Code, _ what: String, at location: String) -> DigestError {
        let reason = String(cString: strerror(errno))
        return DigestError(code, "\(what) (\(reason))", at: location, mend: "check the path and its permissions")
    }

    package var description: String {
        String("\(location): \(what); \(mend)".map { $0.isNewline ? " " : $0 })
    }
}

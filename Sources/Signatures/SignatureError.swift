internal import Glibc

/// Why a key can't be read or kept. `description` is one line: where, what, the mend; never a key.
package struct SignatureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Sendable {
        /// The text isn't a key of the kind that is wanted.
        case malformedKey
        /// The file isn't there or can't be read.
        case unreadable
        /// Others than the owner may read a private key.
        case exposed
        /// The file can't be written, or is there already.
        case unwritable
    }

    /// The kind of failure.
    package let code: Code
    /// What is wrong.
    package let what: String
    /// The file, key or variable concerned.
    package let location: String
    /// What to do about it.
    package let mend: String

    init(_ code: Code, _ what: String, at location: String, mend: String) {
        self.code = code
        self.what = what
        self.location = location
        self.mend = mend
    }

    static func system(_ code: Code, _ what: String, at location: String, mend: String) -> SignatureError {
        SignatureError(code, "\(what) (\(String(cString: strerror(errno))))", at: location, mend: mend)
    }

    package var description: String { "\(location): \(what); \(mend)" }
}

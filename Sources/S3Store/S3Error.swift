/// Why a request to an S3 server failed. `description` is one line: where, what, the mend; never a secret.
package struct S3Error: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure; callers that react to one compare `code`. More may be added.
    package enum Code: String, Sendable {
        /// The endpoint, the bucket's name or a certificate file can't be used.
        case invalidSettings
        /// No source of credentials has any, or one that was named is broken.
        case credentialsMissing
        /// The server can't be reached, hung up, or didn't answer in time.
        case unreachable
        /// The server's certificate isn't trusted.
        case untrustedServer
        /// The access key, the secret or the session token is wrong.
        case credentialsRefused
        /// This machine's clock is too far from the server's.
        case clockSkewed
        /// The credentials are right and don't allow this.
        case denied
        /// There is no such bucket.
        case bucketMissing
        /// There is no such object.
        case objectMissing
        /// The object is there already, or isn't the one expected.
        case conditionFailed
        /// The server failed or asked to come again later, as often as it was tried.
        case serverFailed
        /// The server refused for another reason.
        case refused
        /// The answer makes no sense: no XML, another length than announced.
        case answerMalformed
        /// The caller asked to stop.
        case interrupted
    }

    /// The kind of failure.
    package let code: Code
    /// What is wrong, in a few words.
    package let what: String
    /// The address, key or file concerned.
    package let location: String
    /// What to do about it; empty where nothing general can be said.
    package let mend: String
    /// Whether the same request may succeed in a moment.
    package let isTransient: Bool
    /// How long the server asks to wait, in seconds; nil if it doesn't say.
    package let retryAfter: Int?

    /// Creates an error from its parts.
    package init(
        _ code: Code, _ what: String, at location: String, mend: String = "", isTransient: Bool = false,
        retryAfter: Int? = nil
    ) {
        self.code = code
        self.what = what
        self.location = location
        self.mend = mend
        self.isTransient = isTransient
        self.retryAfter = retryAfter
    }

    package var description: String {
        let text = [location.isEmpty ? what : "\(location): \(what)", mend].filter { !$0.isEmpty }
            .joined(separator: "; ")
        return String(text.map { $0.isNewline ? " " : $0 })
    }
}

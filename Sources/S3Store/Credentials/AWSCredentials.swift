package import EngineStore

/// An access key with its secret.
package struct AWSCredentials: Sendable, Equatable {
    /// The public half.
    package var accessKey: String
    /// The secret half.
    package var secretKey: Secret
    /// Goes along with temporary credentials.
    package var sessionToken: Secret?
    /// When they end; nil if they don't.
    package var expires: UTCTime?
    /// Where they come from, for messages.
    package var source: String

    /// Names credentials.
    package init(
        accessKey: String, secretKey: Secret, sessionToken: Secret? = nil, expires: UTCTime? = nil, source: String
    ) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.expires = expires
        self.source = source
    }
}

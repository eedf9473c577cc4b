internal import NIOCore

/// A server's refusal: the status and, where the answer has one, S3's own code.
struct ServerRefusal {
    let status: Int
    let code: String
    let message: String
    private let headers: [String: String]

    static let largest = 1 << 16

    init(_ answer: HTTPAnswer) {
        status = answer.status
        headers = answer.headers
        let document = answer.body.readableBytes <= Self.largest ? XMLTree(answer.bytes) : nil
        let error = document?.name == "Error" ? document : nil
        code = error?["Code"] ?? ""
        message = String((error?["Message"] ?? "").prefix(200))
    }

    /// The error for people.
    ///
    /// - Parameters:
    ///   - location: the object or bucket.
    ///   - settings: name what to change.
    ///   - source: where the credentials came from.
    /// - Returns: the error, with a mend where one is known.
    func error(about location: String, settings: S3Settings, source: String) -> S3Error {
        func make(_ kind: S3Error.Code, _ what: String, _ mend: String = "", transient: Bool = false) -> S3Error {
            S3Error(
                kind, what, at: location, mend: mend, isTransient: transient,
                retryAfter: headers["retry-after"].flatMap { Int($0) })
        }
        let told = [code, message].filter { !$0.isEmpty }.joined(separator: ": ")
        let reason = told.isEmpty ? "status \(status)" : "\(told) (status \(status))"
        switch code {
        case "RequestTimeTooSkewed", "RequestExpired":
            return make(
                .clockSkewed, "the server says that this machine's clock is wrong\(serverTime)",
                "set the clock, for example with NTP")
        case "SignatureDoesNotMatch":
            return make(
                .credentialsRefused, "the secret key from \(source) is wrong: \(code)", "check AWS_SECRET_ACCESS_KEY")
        case "InvalidAccessKeyId", "InvalidToken", "ExpiredToken", "InvalidClientTokenId":
            return make(
                .credentialsRefused, "the server refuses the access key or token from \(source): \(reason)",
                "check the credentials, or fetch new ones")
        case "NoSuchBucket":
            return make(
                .bucketMissing, "there is no bucket \(settings.bucket)",
                "create it, or name another in storage.bucket")
        case "NoSuchKey": return make(.objectMissing, "there is no such object")
        case "SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "OperationAborted",
            "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "BadDigest", "IncompleteBody",
            "ConditionalRequestConflict":
            return make(.serverFailed, "the server failed: \(reason)", "try again later", transient: true)
        case "PermanentRedirect", "AuthorizationHeaderMalformed", "TemporaryRedirect":
            let region = headers["x-amz-bucket-region"].map { "; the bucket is in \($0)" } ?? ""
            return make(.refused, "the bucket isn't in \(settings.region)\(region)", "set storage.region")
        default: break
        }
        switch status {
        case 412: return make(.conditionFailed, "the object is there already, or isn't the one expected")
        case 404: return make(.objectMissing, "there is no such object")
        case 401, 403:
            return make(
                .denied, "the server doesn't allow this with the credentials from \(source): \(reason)",
                "ask for the right, or use other credentials")
        case 429, 500..., 408:
            return make(.serverFailed, "the server failed: \(reason)", "try again later", transient: true)
        default: return make(.refused, "the server refused: \(reason)")
        }
    }

    private var serverTime: String { headers["date"].map { ", it has \($0)" } ?? "" }
}

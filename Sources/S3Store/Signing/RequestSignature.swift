internal import Crypto
internal import Digests
package import EngineStore

/// AWS Signature Version 4: what proves to the server that a request comes from the owner of a secret key.
///
/// Pure arithmetic, after "Authenticating Requests: Using the Authorization Header" of the Amazon S3 API Reference.
package struct RequestSignature: Sendable {
    /// The public half of the credentials.
    package let accessKey: String
    /// The secret half.
    package let secretKey: Secret
    /// The region that the request is signed for, such as `eu-central-1`.
    package let region: String
    /// The service, `s3`.
    package let service: String

    /// Signs with these credentials for this region and service.
    package init(accessKey: String, secretKey: Secret, region: String, service: String = "s3") {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.region = region
        self.service = service
    }

    /// A request as far as it is signed.
    package struct Request: Sendable {
        /// `GET`, `PUT` …
        package var method: String
        /// The path, percent-encoded as it is sent.
        package var path: String
        /// The query's names and values, not encoded.
        package var query: [(name: String, value: String)]
        /// The headers to sign; `host` must be among them.
        package var headers: [(name: String, value: String)]
        /// The SHA-256 of the body in hexadecimal digits.
        package var payloadHash: String
        /// When it is sent, as `x-amz-date` says.
        package var time: UTCTime

        /// Describes a request.
        package init(
            method: String, path: String, query: [(name: String, value: String)] = [],
            headers: [(name: String, value: String)], payloadHash: String, time: UTCTime
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.headers = headers
            self.payloadHash = payloadHash
            self.time = time
        }

        /// The query as it is sent and signed: encoded, sorted by name, then by value.
        package var canonicalQuery: String {
            query.map { (PercentEncoding.component($0.name), PercentEncoding.component($0.value)) }
                .sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        }

        /// The text whose digest is signed.
        package var canonical: String {
            let merged = mergedHeaders
            let lines = merged.map { "\($0.name):\($0.value)\n" }.joined()
            return [method, path, canonicalQuery, lines, Self.names(merged), payloadHash].joined(separator: "\n")
        }

        /// The names of the signed headers, with semicolons.
        package var signedHeaders: String { Self.names(mergedHeaders) }

        /// Lower-case names in order, values of equal names joined, runs of spaces as one.
        private var mergedHeaders: [(name: String, value: String)] {
            var values: [String: [String]] = [:]
            for header in headers {
                let value = header.value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
                values[header.name.lowercased(), default: []].append(value)
            }
            return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
        }

        private static func names(_ headers: [(name: String, value: String)]) -> String {
            headers.map(\.name).joined(separator: ";")
        }
    }

    /// A moment as `x-amz-date` has it: `20260131T120000Z`.
    package static func timestamp(_ time: UTCTime) -> String {
        time.description.filter { $0 != "-" && $0 != ":" }
    }

    /// The value of the request's `Authorization` header.
    package func authorization(for request: Request) -> String {
        let scope = "\(Self.timestamp(request.time).prefix(8))/\(region)/\(service)/aws4_request"
        return "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), SignedHeaders=\(request.signedHeaders), "
            + "Signature=\(signature(of: request, scope: scope))"
    }

    private func signature(of request: Request, scope: String) -> String {
        let timestamp = Self.timestamp(request.time)
        let digest = Digest.of(request.canonical).hex
        let text = ["AWS4-HMAC-SHA256", timestamp, scope, digest].joined(separator: "\n")
        let parts = [String(timestamp.prefix(8)), region, service, "aws4_request", text]
        var key = SymmetricKey(data: Array("AWS4\(secretKey.text)".utf8))
        for part in parts {
            key = SymmetricKey(
                data: HMAC<Crypto.SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return key.withUnsafeBytes { Digest(bytes: Array($0))?.hex ?? "" }
    }
}

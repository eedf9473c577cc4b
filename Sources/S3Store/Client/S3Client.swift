internal import Digests
internal import EngineStore
internal import Foundation
internal import NIOCore

/// A bucket of an S3 server: signs, sends, tries again, and turns refusals into errors.
package final class S3Client: Sendable {
    package let settings: S3Settings
    let address: S3Address
    let shouldStop: @Sendable () -> Bool
    private let transport: HTTPTransport
    private let credentials: CredentialsChain
    private let clock: S3Clock

    /// Bytes that may take as long as an answer without any: a transfer that trickles is given up.
    private static let bytesPerTimeout = 1 << 20

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - settings: which bucket, and where.
    ///   - environment: where credentials are looked for.
    ///   - clock: the time that requests are signed with.
    ///   - shouldStop: asked a few times a second while a request is under way; true ends it.
    /// - Throws: `invalidSettings`.
    package init(
        _ settings: S3Settings, environment: AWSEnvironment, clock: S3Clock = S3Clock(),
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) throws(S3Error) {
        self.settings = settings
        self.clock = clock
        self.shouldStop = shouldStop
        address = try S3Address(settings)
        transport = try HTTPTransport(
            certificates: settings.caFile, verifiesServer: settings.verifiesServer,
            connectTimeout: .seconds(min(settings.timeout, 10)), idleTimeout: .seconds(settings.timeout))
        credentials = CredentialsChain(environment: environment, transport: transport, clock: clock)
    }

    private init(uninterrupted other: S3Client) {
        settings = other.settings
        address = other.address
        shouldStop = { false }
        transport = other.transport
        credentials = other.credentials
        clock = other.clock
    }

    /// The same client for what must be done even after the caller asked to stop.
    var uninterrupted: S3Client { S3Client(uninterrupted: self) }

    /// `s3://bucket/key`, for messages.
    package func location(_ key: String) -> String { "s3://\(settings.bucket)/\(key)" }

    /// Sends a request until it is answered, refused for good, or has failed too often.
    func send(_ request: S3Request) async throws(S3Error) -> HTTPAnswer {
        try await settings.retry.run { () async throws(S3Error) in try await sendOnce(request) }
    }

    /// Sends a request and waits.
    func perform(_ request: S3Request) throws(S3Error) -> HTTPAnswer {
        try PendingCall { () async throws(S3Error) in try await self.send(request) }.wait(shouldStop)
    }

    func sendOnce(_ request: S3Request) async throws(S3Error) -> HTTPAnswer {
        let signer = try await credentials.credentials()
        let now = clock.now()
        let digest = request.digest ?? request.body.withUnsafeReadableBytes { Digest.of($0) }
        var headers = request.headers
        headers.append(("Host", address.host))
        headers.append(("x-amz-content-sha256", digest.hex))
        headers.append(("x-amz-date", RequestSignature.timestamp(now)))
        if request.method == "PUT" {
            // The payload's digest above is part of the signature; this one servers keep and check as well.
            headers.append(("x-amz-checksum-sha256", Data(digest.bytes).base64EncodedString()))
        }
        if let token = signer.sessionToken { headers.append(("x-amz-security-token", token.text)) }
        let described = RequestSignature.Request(
            method: request.method, path: address.path(of: request.key), query: request.query, headers: headers,
            payloadHash: digest.hex, time: now)
        let signature = RequestSignature(
            accessKey: signer.accessKey, secretKey: signer.secretKey, region: settings.region)
        headers.append(("Authorization", signature.authorization(for: described)))
        let query = described.canonicalQuery
        let size = max(request.body.readableBytes, request.limit == XMLReader.largest ? 0 : request.limit)
        let answer = try await transport.send(
            HTTPExchange(
                method: request.method,
                url: "\(address.scheme)://\(address.host)\(described.path)\(query.isEmpty ? "" : "?\(query)")",
                headers: headers, body: request.body.readableBytes == 0 && request.method != "PUT" ? nil : request.body,
                limit: max(request.limit, ServerRefusal.largest),
                deadline: .seconds(settings.timeout * (1 + size / Self.bytesPerTimeout))))
        guard (200..<300).contains(answer.status) || request.accepted.contains(answer.status) else {
            throw ServerRefusal(answer).error(
                about: request.key.isEmpty ? "s3://\(settings.bucket)" : location(request.key), settings: settings,
                source: signer.source)
        }
        return answer
    }
}

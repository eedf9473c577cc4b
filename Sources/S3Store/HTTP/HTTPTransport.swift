internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Sends requests and keeps connections for the next ones.
final class HTTPTransport: Sendable {
    private let client: HTTPClient

    /// - Parameters:
    ///   - certificates: a PEM file of authorities to trust besides the system's.
    ///   - verifiesServer: whether a server must prove who it is; only false if somebody asked for that by name.
    ///   - connectTimeout: the longest wait for a connection.
    ///   - idleTimeout: the longest wait for the next bytes of an answer.
    /// - Throws: `invalidSettings` if the file can't be used.
    init(
        certificates: String?, verifiesServer: Bool, connectTimeout: Duration, idleTimeout: Duration
    ) throws(S3Error) {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let certificates {
            do {
                tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(certificates))]
            } catch {
                throw S3Error(
                    .invalidSettings, "this is no PEM file of certificates", at: certificates,
                    mend: "name one in storage.ca_file")
            }
        }
        if !verifiesServer { tls.certificateVerification = .none }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .init(connectTimeout), read: .init(idleTimeout)), decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16
        client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    deinit {
        // Connections close behind us; nobody waits for them.
        client.shutdown { _ in }
    }

    /// Sends a request once and reads the whole answer, whatever its status.
    ///
    /// - Throws: `unreachable`, `untrustedServer`, `answerMalformed`, `interrupted`.
    func send(_ exchange: HTTPExchange) async throws(S3Error) -> HTTPAnswer {
        do {
            return try await withThrowingTaskGroup(of: HTTPAnswer?.self) { group in
                group.addTask { try await self.exchange(exchange) }
                group.addTask {
                    try await Task.sleep(for: exchange.deadline)
                    return nil
                }
                defer { group.cancelAll() }
                if let answer = try await group.next(), let answer { return answer }
                throw Self.timedOut(exchange)
            }
        } catch let error as S3Error {
            throw error
        } catch {
            throw Task.isCancelled
                ? S3Error(.interrupted, "stopped", at: Self.place(exchange)) : Self.failure(error, exchange)
        }
    }

    private func exchange(_ exchange: HTTPExchange) async throws -> HTTPAnswer {
        var request = HTTPClientRequest(url: exchange.url)
        request.method = HTTPMethod(rawValue: exchange.method)
        for header in exchange.headers { request.headers.add(name: header.name, value: header.value) }
        if let body = exchange.body { request.body = .bytes(body) }
        let response = try await client.execute(request, deadline: .now() + .init(exchange.deadline))
        var headers: [String: String] = [:]
        for (name, value) in response.headers { headers[name.lowercased()] = value }
        let announced = headers["content-length"].flatMap { Int($0) }
        var body = ByteBuffer()
        if exchange.method != "HEAD" {
            guard (announced ?? 0) <= exchange.limit else { throw Self.tooLong(exchange) }
            body.reserveCapacity(announced ?? 0)
            for try await var piece in response.body {
                guard body.readableBytes + piece.readableBytes <= exchange.limit else { throw Self.tooLong(exchange) }
                body.writeBuffer(&piece)
            }
            guard announced.map({ $0 == body.readableBytes }) ?? true else {
                throw S3Error(
                    .answerMalformed, "\(body.readableBytes) bytes came, \(announced ?? 0) were announced",
                    at: Self.place(exchange), isTransient: true)
            }
        }
        return HTTPAnswer(status: Int(response.status.code), headers: headers, body: body)
    }
}

extension HTTPTransport {
    /// The address without its query, which may hold an upload's number.
    fileprivate static func place(_ exchange: HTTPExchange) -> String {
        String(exchange.url.prefix { $0 != "?" })
    }

    fileprivate static func timedOut(_ exchange: HTTPExchange) -> S3Error {
        S3Error(
            .unreachable, "no whole answer within \(exchange.deadline.components.seconds) s", at: place(exchange),
            mend: "check the network, or raise storage.timeout_seconds", isTransient: true)
    }

    fileprivate static func tooLong(_ exchange: HTTPExchange) -> S3Error {
        S3Error(
            .answerMalformed, "the answer has more than the \(exchange.limit) bytes that were asked for",
            at: place(exchange), isTransient: true)
    }

    /// The system's own words where there are some.
    private static func reason(_ error: any Error) -> String {
        if let error = error as? NIOConnectionError {
            return error.dnsAError.map { "unknown host: \($0)" } ?? error.connectionErrors.first.map {
                reason($0.error)
            }
                ?? "no connection"
        }
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
        let text = String(describing: error)
        // BoringSSL tells its source's line along with the reason, which is the last word in capitals.
        let capitals = text.split { !$0.isUppercase && $0 != "_" && !$0.isNumber }.filter { $0.contains("_") }
        return capitals.last.map(String.init) ?? String(text.prefix(200))
    }

    fileprivate static func failure(_ error: any Error, _ exchange: HTTPExchange) -> S3Error {
        let place = place(exchange)
        let reason = reason(error)
        if error is NIOSSLError || error is BoringSSLError {
            let whole = String(describing: error)
            let isCertificate =
                whole.contains("CERTIFICATE_VERIFY_FAILED") || whole.contains("unableToValidateCertificate")
            return S3Error(
                isCertificate ? .untrustedServer : .unreachable,
                isCertificate ? "the server's certificate isn't trusted" : "the TLS handshake failed (\(reason))",
                at: place,
                mend: isCertificate
                    ? "name the authority's PEM file in storage.ca_file" : "check whether the server speaks https",
                isTransient: !isCertificate)
        }
        return S3Error(
            .unreachable, "the server can't be reached or hung up (\(reason))", at: place,
            mend: "check storage.endpoint and the network", isTransient: true)
    }
}

extension TimeAmount {
    /// The same in NIO's terms.
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

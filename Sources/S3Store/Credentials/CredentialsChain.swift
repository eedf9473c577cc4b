internal import EngineStore
internal import Synchronization

/// Where credentials come from: the environment, the shared files, the container, the instance; the first that has some.
final class CredentialsChain: Sendable {
    private let environment: AWSEnvironment
    private let endpoints: MetadataEndpoints
    private let clock: S3Clock
    private let known = Mutex<AWSCredentials?>(nil)

    /// Temporary credentials are replaced this many seconds before they end.
    private static let margin: Int64 = 300

    init(environment: AWSEnvironment, transport: HTTPTransport, clock: S3Clock) {
        self.environment = environment
        endpoints = MetadataEndpoints(environment: environment, transport: transport)
        self.clock = clock
    }

    /// The credentials to sign with now.
    ///
    /// - Throws: `credentialsMissing`.
    func credentials() async throws(S3Error) -> AWSCredentials {
        if let known = known.withLock({ $0 }), isFresh(known) { return known }
        let found = try await find()
        known.withLock { $0 = found }
        return found
    }

    private func find() async throws(S3Error) -> AWSCredentials {
        if let credentials = try environment.staticCredentials() { return credentials }
        if let credentials = try await endpoints.container() { return credentials }
        if let credentials = try await endpoints.instance() { return credentials }
        throw S3Error(
            .credentialsMissing,
            "no credentials for S3: not in the environment, not in \(environment.credentialsPath), not from this machine",
            at: "storage.bucket",
            mend: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE")
    }

    private func isFresh(_ credentials: AWSCredentials) -> Bool {
        guard let expires = credentials.expires else { return true }
        return expires.seconds - clock.now().seconds > Self.margin
    }
}

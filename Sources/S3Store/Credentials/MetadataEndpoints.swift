internal import EngineStore
internal import Foundation

/// Credentials that the machine or the container is given by its cloud.
struct MetadataEndpoints: Sendable {
    let environment: AWSEnvironment
    let transport: HTTPTransport

    /// A machine in no cloud has nobody at that address; it shouldn't wait long to learn that.
    private static let timeout: Duration = .seconds(1)
    private static let largest = 1 << 16

    /// A container's credentials; nil if the environment names no endpoint for them.
    ///
    /// - Throws: `credentialsMissing` if the endpoint doesn't give any.
    func container() async throws(S3Error) -> AWSCredentials? {
        let url: String
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            url = "http://169.254.170.2\(path)"
        } else if let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            url = full
        } else {
            return nil
        }
        var headers = [(name: "Accept", value: "application/json")]
        if let token = try containerToken() { headers.append(("Authorization", token)) }
        let answer = try await get(url, headers: headers, attempts: 3)
        guard answer.status == 200,
            let credentials = MetadataAnswer.credentials(in: answer.bytes, source: "the container's endpoint")
        else { throw Self.useless(url, status: answer.status) }
        return credentials
    }

    private func containerToken() throws(S3Error) -> String? {
        guard let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] else {
            return environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw S3Error(
                .credentialsMissing, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names it and it can't be read", at: path,
                mend: "check the path and its permissions")
        }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// An instance's credentials (IMDSv2); nil where nobody answers, or where the environment forbids to ask.
    ///
    /// - Throws: `credentialsMissing` if the endpoint answers and gives none.
    func instance() async throws(S3Error) -> AWSCredentials? {
        guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else { return nil }
        let given = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"]
        let base = (given ?? "http://169.254.169.254").trimmingCharacters(in: CharacterSet(charactersIn: "/"))
        let token: HTTPAnswer
        do throws(S3Error) {
            token = try await transport.send(
                HTTPExchange(
                    method: "PUT", url: "\(base)/latest/api/token",
                    headers: [("X-aws-ec2-metadata-token-ttl-seconds", "21600")], limit: Self.largest,
                    deadline: Self.timeout))
        } catch {
            // Without a cloud there is nobody; with an endpoint of one's own there should be.
            guard given != nil else { return nil }
            throw error
        }
        guard token.status == 200 else {
            guard given != nil else { return nil }
            throw Self.useless(base, status: token.status)
        }
        let header = [(name: "X-aws-ec2-metadata-token", value: String(decoding: token.bytes, as: UTF8.self))]
        let folder = "\(base)/latest/meta-data/iam/security-credentials/"
        let role = try await get(folder, headers: header, attempts: 2)
        let name = String(decoding: role.bytes, as: UTF8.self).prefix { !$0.isNewline }
        guard role.status == 200, !name.isEmpty else { return nil }
        let answer = try await get(folder + PercentEncoding.component(String(name)), headers: header, attempts: 2)
        guard answer.status == 200,
            let credentials = MetadataAnswer.credentials(in: answer.bytes, source: "the instance's role \(name)")
        else { throw Self.useless(folder, status: answer.status) }
        return credentials
    }

    private func get(
        _ url: String, headers: [(name: String, value: String)], attempts: Int
    ) async throws(S3Error) -> HTTPAnswer {
        try await RetryPolicy(attempts: attempts).run { () async throws(S3Error) in
            try await transport.send(
                HTTPExchange(
                    method: "GET", url: url, headers: headers, limit: Self.largest,
                    deadline: .seconds(5)))
        }
    }

    private static func useless(_ url: String, status: Int) -> S3Error {
        S3Error(
            .credentialsMissing, "the endpoint gives no credentials (status \(status))", at: url,
            mend: "check the role of this machine or container, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    }
}

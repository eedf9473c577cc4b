internal import EngineStore
internal import Foundation

/// What the endpoints of containers and instances answer with.
struct MetadataAnswer: Decodable {
    let accessKeyID: String
    let secretAccessKey: String
    let token: String?
    let expiration: String?

    enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case token = "Token"
        case expiration = "Expiration"
    }

    /// The credentials in an answer; nil if it isn't one.
    static func credentials(in json: [UInt8], source: String) -> AWSCredentials? {
        guard let answer = try? JSONDecoder().decode(MetadataAnswer.self, from: Data(json)) else { return nil }
        // Some endpoints write fractions of a second.
        let expiration = answer.expiration.map { $0.contains(".") ? $0.prefix { $0 != "." } + "Z" : $0[...] }
        return AWSCredentials(
            accessKey: answer.accessKeyID, secretKey: Secret(answer.secretAccessKey),
            sessionToken: answer.token.map(Secret.init), expires: expiration.flatMap { UTCTime(String($0)) },
            source: source)
    }
}

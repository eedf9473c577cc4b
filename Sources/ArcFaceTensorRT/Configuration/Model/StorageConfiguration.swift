/// `storage`: the S3 bucket in which a team shares its engines, and what proves that they are the team's.
public struct StorageConfiguration: Sendable, Equatable {
    /// `storage.bucket`: the bucket's name; nil shares nothing.
    public var bucket: String?
    /// `storage.prefix`: what every object's key starts with.
    public var prefix: String
    /// `storage.endpoint`: an `http://` or `https://` address of an S3-compatible server; nil is AWS.
    public var endpoint: String?
    /// `storage.region`: the region that requests are signed for; nil takes it from AWS's own settings.
    public var region: String?
    /// `storage.path_style`: whether the bucket's name goes into the path instead of the host name.
    public var pathStyle: Bool
    /// `storage.require_signature`: whether an engine without a valid signature is refused.
    public var requireSignature: Bool
    /// `storage.public_keys`: the Ed25519 public keys whose signatures count, at most 64.
    public var publicKeys: [String]

    /// Makes the settings; what isn't given has its default.
    public init(
        bucket: String? = nil, prefix: String = "engines/arcface/", endpoint: String? = nil, region: String? = nil,
        pathStyle: Bool = false, requireSignature: Bool = false, publicKeys: [String] = []
    ) {
        self.bucket = bucket
        self.prefix = prefix
        self.endpoint = endpoint
        self.region = region
        self.pathStyle = pathStyle
        self.requireSignature = requireSignature
        self.publicKeys = publicKeys
    }
}

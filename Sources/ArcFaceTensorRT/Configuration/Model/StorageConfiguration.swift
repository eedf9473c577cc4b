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
    /// `storage.ca_file`: a PEM file of authorities whose certificates are trusted besides the system's.
    public var caFile: String?
    /// `storage.verify_tls`: whether an `https` server must prove who it is.
    public var verifyTLS: Bool
    /// `storage.timeout_seconds`: the longest time without progress before a request is tried again.
    public var timeoutSeconds: Int
    /// `storage.lease_seconds`: how long a builder's claim lasts when its machine dies.
    public var leaseSeconds: Int
    /// `storage.push`: whether engines that are built here are put into the bucket.
    public var push: Bool
    /// `storage.max_size_mb`: the folder of engines is cleared out, the least recently used first, down to this many MiB; nil
    /// lets it grow.
    public var maxSizeMB: Int?
    /// `storage.signing_key_path`: the private key that signs what is built here; nil takes it from `ARCFACE_SIGNING_KEY`.
    public var signingKeyPath: String?
    /// `storage.require_signature`: whether an engine without a valid signature is refused.
    public var requireSignature: Bool
    /// `storage.public_keys`: the Ed25519 public keys whose signatures count, at most 64.
    public var publicKeys: [String]

    /// Makes the settings; what isn't given has its default.
    public init(
        bucket: String? = nil, prefix: String = "engines/arcface/", endpoint: String? = nil, region: String? = nil,
        pathStyle: Bool = false, caFile: String? = nil, verifyTLS: Bool = true, timeoutSeconds: Int = 30,
        leaseSeconds: Int = 60, push: Bool = true, maxSizeMB: Int? = nil, signingKeyPath: String? = nil,
        requireSignature: Bool = false, publicKeys: [String] = []
    ) {
        self.bucket = bucket
        self.prefix = prefix
        self.endpoint = endpoint
        self.region = region
        self.pathStyle = pathStyle
        self.caFile = caFile
        self.verifyTLS = verifyTLS
        self.timeoutSeconds = timeoutSeconds
        self.leaseSeconds = leaseSeconds
        self.push = push
        self.maxSizeMB = maxSizeMB
        self.signingKeyPath = signingKeyPath
        self.requireSignature = requireSignature
        self.publicKeys = publicKeys
    }
}

/// Which bucket, where, and how to talk to its server.
package struct S3Settings: Sendable {
    /// The bucket's name.
    package var bucket: String
    /// The server's address, `http://` or `https://`; nil is AWS.
    package var endpoint: String?
    /// The region that requests are signed for.
    package var region: String
    /// Whether the bucket's name goes into the path instead of the host name.
    package var pathStyle: Bool
    /// A PEM file of authorities to trust besides the system's.
    package var caFile: String?
    /// Whether the server must prove who it is.
    package var verifiesServer: Bool
    /// The longest time without progress, in seconds.
    package var timeout: Int
    /// How passing failures are met.
    package var retry: RetryPolicy
    /// The size of the parts of a large object, in bytes; at least 5 MiB.
    package var partSize: Int
    /// How many parts travel at the same time: with `partSize`, this is what bounds memory.
    package var partsAtOnce: Int

    /// The smallest part that S3 takes, the last one excepted.
    package static let smallestPart = 5 << 20

    /// Names a bucket; see the properties.
    package init(
        bucket: String, endpoint: String? = nil, region: String = "us-east-1", pathStyle: Bool = false,
        caFile: String? = nil, verifiesServer: Bool = true, timeout: Int = 30, retry: RetryPolicy = RetryPolicy(),
        partSize: Int = 8 << 20, partsAtOnce: Int = 6
    ) {
        self.bucket = bucket
        self.endpoint = endpoint
        self.region = region
        self.pathStyle = pathStyle
        self.caFile = caFile
        self.verifiesServer = verifiesServer
        self.timeout = timeout
        self.retry = retry
        self.partSize = max(partSize, Self.smallestPart)
        self.partsAtOnce = max(partsAtOnce, 1)
    }
}

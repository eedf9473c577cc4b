internal import Digests
internal import NIOCore

/// A request about the bucket or one of its objects, not signed yet.
struct S3Request: Sendable {
    var method: String
    /// The object; empty for the bucket.
    var key = ""
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body = ByteBuffer()
    /// The body's SHA-256 if it is known already.
    var digest: Digest?
    /// An answer's body may have at most this many bytes.
    var limit = XMLReader.largest
    /// Answers besides 2xx that the caller wants to see.
    var accepted: Set<Int> = []
}

internal import NIOCore

/// A request to any HTTP server, with its limits.
struct HTTPExchange: Sendable {
    var method: String
    var url: String
    var headers: [(name: String, value: String)] = []
    var body: ByteBuffer?
    /// An answer's body may have at most this many bytes.
    var limit: Int
    /// The longest time for all of it.
    var deadline: Duration
}

/// The answer, its body complete.
struct HTTPAnswer: Sendable {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: ByteBuffer

    /// The body's bytes.
    var bytes: [UInt8] { Array(body.readableBytesView) }
}

internal import EngineStore

/// A lock object as it is in the bucket now.
struct LockObject {
    let note: LeaseNote?
    let etag: String
    /// How many seconds ago it was written, by the server's own clock: machines' clocks don't count.
    let age: Int64

    /// A claim that promises to last longer isn't believed.
    private static let longestLease = 3600

    /// Whether its holder has stopped renewing it.
    ///
    /// - Parameter usual: how long a claim lasts that doesn't say so itself.
    /// - Returns: true once others may have the right.
    func isExpired(usual: Int) -> Bool {
        let promised = note.map(\.leaseSeconds) ?? usual
        // The server's times are whole seconds.
        return age > Int64(min(max(promised, 1), Self.longestLease)) + 1
    }
}

extension S3Client {
    /// Reads a lock object; nil if there is none.
    ///
    /// - Throws: `answerMalformed` if the server doesn't say when it was written; or as any request.
    func lock(_ key: String) throws(S3Error) -> LockObject? {
        let answer: HTTPAnswer
        do throws(S3Error) {
            answer = try perform(S3Request(method: "GET", key: key, limit: 1 << 16))
        } catch {
            guard error.code == .objectMissing else { throw error }
            return nil
        }
        guard let written = answer.headers["last-modified"].flatMap(HTTPDate.parse),
            let now = answer.headers["date"].flatMap(HTTPDate.parse)
        else {
            throw S3Error(.answerMalformed, "the server doesn't say when it was written", at: location(key))
        }
        return LockObject(
            note: LeaseNote(json: answer.bytes), etag: answer.headers["etag"] ?? "", age: now.seconds - written.seconds)
    }
}

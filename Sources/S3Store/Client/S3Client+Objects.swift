internal import NIOCore

extension S3Client {
    /// What must hold for a write.
    package enum Condition: Sendable, Equatable {
        /// Nothing; what is there is replaced.
        case none
        /// There is no such object yet.
        case absent
        /// The object still is the one with this ETag.
        case unchanged(etag: String)

        var headers: [(name: String, value: String)] {
            switch self {
            case .none: []
            case .absent: [("If-None-Match", "*")]
            case .unchanged(let etag): [("If-Match", etag)]
            }
        }
    }

    /// Writes a small object in one step.
    ///
    /// A server that doesn't know conditional writes ignores `condition`.
    ///
    /// - Returns: the new object's ETag.
    /// - Throws: `conditionFailed` if the condition doesn't hold; or as any request. A write whose answer got lost is
    ///   repeated, and may then find itself in the way.
    @discardableResult
    package func put(_ bytes: [UInt8], to key: String, if condition: Condition = .none) throws(S3Error) -> String {
        let answer = try perform(
            S3Request(method: "PUT", key: key, headers: condition.headers, body: ByteBuffer(bytes: bytes)))
        return answer.headers["etag"] ?? ""
    }

    /// A small object with its ETag; nil if there is none.
    ///
    /// - Parameters:
    ///   - key: the object.
    ///   - limit: more bytes than this are an error.
    /// - Returns: its bytes and its ETag.
    /// - Throws: as any request.
    package func get(_ key: String, limit: Int) throws(S3Error) -> (bytes: [UInt8], etag: String)? {
        do throws(S3Error) {
            let answer = try perform(S3Request(method: "GET", key: key, limit: limit))
            return (answer.bytes, answer.headers["etag"] ?? "")
        } catch {
            guard error.code == .objectMissing else { throw error }
            return nil
        }
    }

    /// Looks at an object without reading it; nil if there is none.
    package func look(at key: String) throws(S3Error) -> S3Object? {
        let answer = try perform(S3Request(method: "HEAD", key: key, accepted: [404]))
        guard answer.status != 404 else { return nil }
        guard let size = answer.headers["content-length"].flatMap({ Int($0) }) else {
            throw S3Error(.answerMalformed, "the server doesn't say how large it is", at: location(key))
        }
        return S3Object(key: key, size: size, etag: answer.headers["etag"] ?? "")
    }

    /// Deletes an object; it is no error if there is none.
    package func delete(_ key: String) throws(S3Error) {
        _ = try perform(S3Request(method: "DELETE", key: key, accepted: [404]))
    }
}

internal import NIOCore

extension S3Client {
    /// Reads an object of a known size, in parts that travel at the same time and are handed on in their order. Holds a few
    /// parts in memory.
    ///
    /// - Parameters:
    ///   - key: the object.
    ///   - size: the size that it must have.
    ///   - consume: takes the next bytes; called on this thread.
    /// - Throws: what `consume` throws; `objectMissing`; `conditionFailed` if the object isn't of this size or is replaced
    ///   meanwhile; or as any request.
    package func download(_ key: String, size: Int, consume: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let object = try look(at: key) else {
            throw S3Error(.objectMissing, "there is no such object", at: location(key))
        }
        guard object.size == size else {
            throw S3Error(
                .conditionFailed, "the object has \(object.size) bytes, \(size) were expected", at: location(key))
        }
        let count = (size + settings.partSize - 1) / settings.partSize
        // By number; a part that was handed on is let go.
        var pending: [Int: PendingCall<ByteBuffer>] = [:]
        defer {
            for call in pending.values {
                call.cancel()
                _ = try? call.wait()
            }
        }
        for number in 0..<count + settings.partsAtOnce {
            if number < count {
                let range = number * settings.partSize..<min(size, (number + 1) * settings.partSize)
                pending[number] = PendingCall { () async throws(S3Error) in
                    try await self.part(of: key, range: range, etag: object.etag)
                }
            }
            let due = number - settings.partsAtOnce + 1
            if due >= 0, let call = pending.removeValue(forKey: due) {
                try call.wait(shouldStop).withUnsafeReadableBytes(consume)
            }
        }
    }

    private func part(of key: String, range: Range<Int>, etag: String) async throws(S3Error) -> ByteBuffer {
        var headers = [(name: "Range", value: "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
        if !etag.isEmpty { headers.append(("If-Match", etag)) }
        let request = S3Request(method: "GET", key: key, headers: headers, limit: range.count)
        return try await settings.retry.run { () async throws(S3Error) in
            let answer = try await sendOnce(request)
            guard answer.body.readableBytes == range.count else {
                throw S3Error(
                    .answerMalformed, "\(answer.body.readableBytes) bytes came where \(range.count) were asked for",
                    at: location(key), isTransient: true)
            }
            return answer.body
        }
    }
}

internal import Digests
internal import Foundation
internal import NIOCore

extension S3Client {
    /// Writes an object of any size; it is seen whole or not at all. Holds a few parts in memory.
    ///
    /// - Parameters:
    ///   - key: the object.
    ///   - size: its size in bytes.
    ///   - progress: told how many bytes have arrived.
    ///   - read: fills a buffer with the bytes from an offset on; called on this thread.
    /// - Throws: what `read` throws, or as any request. What had been sent of an unfinished object is cleared away.
    package func upload(
        to key: String, size: Int, progress: (Int) -> Void = { _ in },
        read: (UnsafeMutableRawBufferPointer, Int) throws -> Void
    ) throws {
        guard size > settings.partSize else {
            let body = try buffer(0..<size, read)
            _ = try perform(S3Request(method: "PUT", key: key, body: body))
            progress(size)
            return
        }
        let id = try begin(key)
        do {
            let parts = try send(parts: key, id: id, size: size, progress: progress, read: read)
            try complete(key, id: id, parts: parts, size: size)
        } catch {
            // A server that can't even take this back forgets unfinished uploads by itself.
            _ = try? perform(S3Request(method: "DELETE", key: key, query: [("uploadId", id)], accepted: [404]))
            throw error
        }
    }

    /// A part as the completion names it.
    private struct Part: Sendable {
        let number: Int
        let etag: String
        let checksum: String
    }

    private func begin(_ key: String) throws(S3Error) -> String {
        let answer = try perform(
            S3Request(
                method: "POST", key: key, query: [("uploads", "")],
                headers: [("x-amz-checksum-algorithm", "SHA256")]))
        guard let tree = XMLTree(answer.bytes), let id = tree["UploadId"], !id.isEmpty else {
            throw S3Error(.answerMalformed, "the server began an upload without a number", at: location(key))
        }
        return id
    }

    private func send(
        parts key: String, id: String, size: Int, progress: (Int) -> Void,
        read: (UnsafeMutableRawBufferPointer, Int) throws -> Void
    ) throws -> [Part] {
        // At most 10,000 parts.
        let partSize = max(settings.partSize, (size + 9_999) / 10_000)
        let count = (size + partSize - 1) / partSize
        // By number; a part that has arrived is let go, its bytes with it.
        var pending: [Int: PendingCall<Part>] = [:]
        var parts: [Part] = []
        defer {
            for call in pending.values {
                call.cancel()
                _ = try? call.wait()
            }
        }
        for number in 0..<count + settings.partsAtOnce {
            if number < count {
                let range = number * partSize..<min(size, (number + 1) * partSize)
                let body = try buffer(range, read)
                pending[number] = PendingCall { () async throws(S3Error) in
                    try await self.part(key, id: id, number: number + 1, body: body)
                }
            }
            let due = number - settings.partsAtOnce + 1
            if due >= 0, let call = pending.removeValue(forKey: due) {
                parts.append(try call.wait(shouldStop))
                progress(min(size, parts.count * partSize))
            }
        }
        return parts
    }

    private func part(_ key: String, id: String, number: Int, body: ByteBuffer) async throws(S3Error) -> Part {
        let digest = body.withUnsafeReadableBytes { Digest.of($0) }
        let answer = try await send(
            S3Request(
                method: "PUT", key: key, query: [("partNumber", "\(number)"), ("uploadId", id)], body: body,
                digest: digest))
        guard let etag = answer.headers["etag"] else {
            throw S3Error(.answerMalformed, "the server took a part without an ETag", at: location(key))
        }
        return Part(number: number, etag: etag, checksum: Data(digest.bytes).base64EncodedString())
    }

    private func complete(_ key: String, id: String, parts: [Part], size: Int) throws(S3Error) {
        let list = parts.map { part in
            "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(Self.escaped(part.etag))</ETag>"
                + "<ChecksumSHA256>\(part.checksum)</ChecksumSHA256></Part>"
        }.joined()
        let body = ByteBuffer(string: "<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>")
        do throws(S3Error) {
            let answer = try perform(S3Request(method: "POST", key: key, query: [("uploadId", id)], body: body))
            // S3 may say 200 first and fail afterwards.
            if let tree = XMLTree(answer.bytes), tree.name == "Error" {
                throw S3Error(
                    .serverFailed, "the server couldn't put the parts together: \(tree["Code"] ?? "no reason told")",
                    at: location(key), mend: "try again")
            }
        } catch {
            // An answer that got lost may have been a success: then a repetition finds no such upload.
            guard error.code == .objectMissing || error.code == .refused else { throw error }
            guard let object = try look(at: key), object.size == size else { throw error }
        }
    }

    private func buffer(
        _ range: Range<Int>, _ read: (UnsafeMutableRawBufferPointer, Int) throws -> Void
    ) throws -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: range.count)
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: range.count) { space in
            try read(UnsafeMutableRawBufferPointer(rebasing: space.prefix(range.count)), range.lowerBound)
            return range.count
        }
        return buffer
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

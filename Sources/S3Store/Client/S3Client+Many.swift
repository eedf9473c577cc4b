extension S3Client {
    /// Several small objects, some at the same time, in the order of the keys; nil for those that aren't there.
    ///
    /// - Parameters:
    ///   - keys: the objects.
    ///   - limit: more bytes than this for one are an error.
    /// - Returns: their bytes.
    /// - Throws: as any request.
    package func getAll(_ keys: [String], limit: Int) throws(S3Error) -> [[UInt8]?] {
        var pending: [Int: PendingCall<[UInt8]?>] = [:]
        defer {
            for call in pending.values {
                call.cancel()
                _ = try? call.wait()
            }
        }
        var answers: [[UInt8]?] = []
        let atOnce = 8
        for number in 0..<keys.count + atOnce {
            if number < keys.count {
                let request = S3Request(method: "GET", key: keys[number], limit: limit)
                pending[number] = PendingCall { () async throws(S3Error) in
                    do throws(S3Error) {
                        return try await self.send(request).bytes
                    } catch {
                        guard error.code == .objectMissing else { throw error }
                        return nil
                    }
                }
            }
            if let call = pending.removeValue(forKey: number - atOnce + 1) { answers.append(try call.wait(shouldStop)) }
        }
        return answers
    }
}

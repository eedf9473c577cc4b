internal import Foundation

extension S3Client {
    /// More objects than any team's store of engines has.
    package static let longestListing = 100_000

    /// Every object whose key begins with `prefix`, in the order of the keys.
    ///
    /// - Throws: `answerMalformed` if the server's list makes no sense or has no end; or as any request.
    package func list(prefix: String) throws(S3Error) -> [S3Object] {
        var objects: [S3Object] = []
        var token: String?
        while true {
            var query = [(name: "list-type", value: "2"), ("prefix", prefix), ("encoding-type", "url")]
            if let token { query.append(("continuation-token", token)) }
            let page = try perform(S3Request(method: "GET", query: query))
            guard let tree = XMLTree(page.bytes), tree.name == "ListBucketResult" else {
                throw malformed("the list isn't the XML of one", prefix)
            }
            let isEncoded = tree["EncodingType"] == "url"
            for item in tree.all("Contents") {
                guard let text = item["Key"], let key = isEncoded ? Self.decoded(text) : text,
                    let size = item["Size"].flatMap({ Int($0) }), size >= 0
                else { throw malformed("an entry of the list has no key or no size", prefix) }
                objects.append(S3Object(key: key, size: size, etag: item["ETag"] ?? ""))
            }
            guard objects.count <= Self.longestListing else {
                throw malformed("more than \(Self.longestListing) objects", prefix)
            }
            guard tree["IsTruncated"] == "true" else { return objects }
            let next = tree["NextContinuationToken"]
            guard let next, !next.isEmpty, next != token else { throw malformed("the list goes on nowhere", prefix) }
            token = next
        }
    }

    private func malformed(_ what: String, _ prefix: String) -> S3Error {
        S3Error(.answerMalformed, what, at: location(prefix), mend: "check storage.endpoint")
    }

    /// Listed keys are encoded as in a form: a plus is a space.
    private static func decoded(_ text: String) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}

internal import Foundation

/// Where a bucket is: the scheme and host of its requests, and what their paths begin with.
package struct S3Address: Sendable, Equatable {
    /// `https` or `http`.
    package let scheme: String
    /// The `Host` header: the name, and the port where it isn't the scheme's own.
    package let host: String
    /// `/` or `/bucket/`, after the endpoint's own path if it has one.
    package let root: String

    /// Finds the address.
    ///
    /// The bucket's name goes into the path where it was asked for, and where a host name can't hold it: in front of an IP
    /// address or `localhost`, and with dots before a certificate for one level of names.
    ///
    /// - Throws: `invalidSettings`.
    package init(_ settings: S3Settings) throws(S3Error) {
        let bucket = settings.bucket
        guard Self.isBucketName(bucket) else {
            throw S3Error(
                .invalidSettings, "`\(bucket.prefix(80))` is no bucket's name", at: "storage.bucket",
                mend: "use 3 to 63 lower-case letters, digits, dots and hyphens")
        }
        let suffix = settings.region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        var rest = (settings.endpoint ?? "https://s3.\(settings.region).\(suffix)")[...]
        guard let separator = rest.range(of: "://"),
            ["http", "https"].contains(rest[..<separator.lowerBound].lowercased())
        else {
            throw Self.invalid(settings.endpoint ?? "")
        }
        scheme = rest[..<separator.lowerBound].lowercased()
        rest = rest[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let place = rest[..<slash].lowercased()
        let path = rest[slash...].split(separator: "/").map { "/" + $0 }.joined()
        let name = place.hasPrefix("[") ? place.prefix { $0 != "]" } + "]" : place.prefix { $0 != ":" }
        let port = place.dropFirst(name.count)
        guard !name.isEmpty, port.isEmpty || (port.hasPrefix(":") && UInt16(port.dropFirst()) != nil),
            place.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]_".contains($0)) }),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        else { throw Self.invalid(settings.endpoint ?? "") }
        let isDefaultPort = port == (scheme == "https" ? ":443" : ":80")
        let authority = isDefaultPort ? String(name) : place
        let needsPath =
            settings.pathStyle || Self.isNumeric(String(name)) || name == "localhost"
            || (scheme == "https" && bucket.contains("."))
        host = needsPath ? authority : "\(bucket).\(authority)"
        root = needsPath ? "\(path)/\(bucket)/" : "\(path)/"
    }

    /// The path of an object, encoded; of the bucket itself for an empty key.
    func path(of key: String) -> String {
        key.isEmpty ? (root == "/" ? "/" : String(root.dropLast())) : root + PercentEncoding.path(key)
    }

    private static func invalid(_ endpoint: String) -> S3Error {
        S3Error(
            .invalidSettings, "this is no address of a server", at: "storage.endpoint `\(endpoint.prefix(160))`",
            mend: "write https://host or http://host:port")
    }

    private static func isNumeric(_ name: String) -> Bool {
        name.hasPrefix("[") || name.allSatisfy { $0.isNumber || $0 == "." }
    }

    private static func isBucketName(_ name: String) -> Bool {
        (3...63).contains(name.utf8.count) && !name.contains("..") && name.first != "." && name.first != "-"
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

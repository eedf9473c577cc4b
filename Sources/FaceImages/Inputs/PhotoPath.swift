/// A file's path as the system knows it: bytes, which need not be UTF-8.
package struct PhotoPath: Sendable, Hashable, CustomStringConvertible {
    /// The bytes, ended by the only zero.
    private let terminated: [UInt8]

    /// The path with the given bytes, up to the first zero.
    package init(bytes: some Sequence<UInt8>) {
        var terminated = Array(bytes.prefix { $0 != 0 })
        terminated.append(0)
        self.terminated = terminated
    }

    /// The path of a string, as UTF-8.
    package init(_ path: String) {
        self.init(bytes: path.utf8)
    }

    /// The bytes, without an end mark.
    package var bytes: ArraySlice<UInt8> { terminated.dropLast() }

    /// The path for people; bytes that are no UTF-8 become U+FFFD.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Calls `body` with the path as C takes it; the pointer is valid during the call.
    package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        body(terminated.map { CChar(bitPattern: $0) })
    }

    /// True if the path starts at the root folder.
    package var isAbsolute: Bool { terminated[0] == .slash }

    /// The folder that holds the file; `.` for a bare name.
    package var folder: PhotoPath {
        guard let slash = bytes.lastIndex(of: .slash) else { return PhotoPath(".") }
        return PhotoPath(bytes: slash == 0 ? bytes[...0] : bytes[..<slash])
    }

    /// `path` itself if absolute, else the path that it has seen from this folder.
    package func appending(_ path: PhotoPath) -> PhotoPath {
        if path.isAbsolute { return path }
        let prefix = self == PhotoPath(".") ? [] : bytes.last == .slash ? Array(bytes) : bytes + [.slash]
        return PhotoPath(bytes: prefix + path.bytes)
    }

    /// The path without `.` components and doubled slashes. `..` stays: what it means is up to the file system.
    package var normalized: PhotoPath {
        let parts = bytes.split(separator: .slash).filter { Array($0) != [.dot] }
        let joined = Array(parts.joined(separator: [.slash]))
        return PhotoPath(bytes: isAbsolute ? [.slash] + joined : joined)
    }

    /// True if the name ends with a dot and one of `suffixes` (lower case), in any case.
    package func hasSuffix(in suffixes: [String]) -> Bool {
        Self.hasSuffix(bytes, in: suffixes)
    }

    static func hasSuffix(_ bytes: some BidirectionalCollection<UInt8>, in suffixes: [String]) -> Bool {
        guard let dot = bytes.lastIndex(of: .dot), dot != bytes.startIndex else { return false }
        let suffix = bytes[bytes.index(after: dot)...]
        return suffixes.contains { candidate in
            suffix.elementsEqual(candidate.utf8) { byte, wanted in
                (0x41...0x5A).contains(byte) ? byte | 0x20 == wanted : byte == wanted
            }
        }
    }
}

extension UInt8 {
    static let slash = UInt8(ascii: "/")
    static let dot = UInt8(ascii: ".")
}

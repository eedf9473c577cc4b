import Foundation

/// Reads small text files without trusting their size.
enum ConfigurationFileReader {
    /// The most bytes that a file may hold: 1 MiB.
    static let sizeLimit = 1 << 20

    /// Whether there is anything at `path`.
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Reads a file whole.
    ///
    /// - Parameters:
    ///   - path: Where it is, for the system.
    ///   - shownPath: The path as its user wrote it, for messages.
    /// - Returns: Its text, which is valid UTF-8.
    /// - Throws: An issue if it can't be read, is larger than ``sizeLimit`` or isn't UTF-8.
    static func text(of path: String, shownAs shownPath: String) throws(ConfigurationIssue) -> String {
        let place = ConfigurationIssue.Place.file(path: shownPath, line: nil, column: nil)
        let bytes = try bytes(of: path, place)
        if bytes.count > sizeLimit {
            throw ConfigurationIssue(
                .tooLarge, place, "the file is larger than \(sizeLimit) bytes", mend: "name a configuration file")
        }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        throw ConfigurationIssue(
            .syntax, .file(path: shownPath, line: firstInvalidLine(in: bytes), column: nil), "the text is not UTF-8",
            mend: "save the file as UTF-8")
    }

    /// The file's bytes, or one more than the limit of them.
    private static func bytes(of path: String, _ place: ConfigurationIssue.Place) throws(ConfigurationIssue) -> [UInt8]
    {
        func failure() -> ConfigurationIssue {
            let reason = String(cString: strerror(errno))
            return ConfigurationIssue(
                .unreadableFile, place, "the file can't be read: \(reason)", mend: "check the path and its permissions")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw failure() }
        defer { close(descriptor) }

        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= sizeLimit {
            let count = read(descriptor, &buffer, min(buffer.count, sizeLimit + 1 - bytes.count))
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw failure() }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    /// The line, from 1, that holds the first byte that isn't UTF-8.
    private static func firstInvalidLine(in bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let valid = lines.prefix { String(validating: $0, as: UTF8.self) != nil }
        return valid.count + 1
    }
}

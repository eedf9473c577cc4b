internal import Foundation

/// AWS's shared files of settings, `~/.aws/credentials` and `~/.aws/config`: sections of `name = value` lines.
struct AWSProfileFile {
    private var profiles: [String: [String: String]] = [:]

    /// More than any such file has.
    private static let largest = 1 << 20

    /// Reads a file; empty if there is none.
    ///
    /// - Throws: `credentialsMissing` if it is there and can't be read.
    init(path: String) throws(S3Error) {
        guard FileManager.default.fileExists(atPath: path) else {
            self.init(text: "")
            return
        }
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.largest else {
            throw S3Error(
                .credentialsMissing, "the file can't be read", at: path, mend: "check its permissions and its size")
        }
        self.init(text: String(decoding: data, as: UTF8.self))
    }

    /// Reads a file's text. Lines that are neither a section nor a setting of one, nested ones among them, are skipped.
    init(text: String) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let isNested = line.first?.isWhitespace ?? false
            let content = line.trimmingCharacters(in: .whitespaces)
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if content.hasPrefix("["), let end = content.firstIndex(of: "]") {
                let words = content[content.index(after: content.startIndex)..<end]
                    .split(whereSeparator: \.isWhitespace).map(String.init)
                // `[profile NAME]` in one file is `[NAME]` in the other.
                section = words.count == 2 && words[0] == "profile" ? words[1] : words.count == 1 ? words[0] : nil
            } else if let section, !isNested, let equals = content.firstIndex(of: "=") {
                let name = content[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
                let value = content[content.index(after: equals)...].trimmingCharacters(in: .whitespaces)
                profiles[section, default: [:]][name] = value
            }
        }
    }

    /// A profile's settings by lower-case name; nil if there is no such profile.
    subscript(profile: String) -> [String: String]? { profiles[profile] }
}

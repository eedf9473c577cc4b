import Foundation

/// A configuration as JSON: `{"embedding.backend": {"value": "auto", "source": "default"}, …}`.
public struct ConfigurationReport: Sendable, Equatable {
    /// One key's value and where it came from.
    public struct Entry: Sendable, Equatable, Codable {
        /// The value.
        public let value: ConfigurationValue
        /// Where it came from, in words.
        public let source: String
    }

    /// Every key by its dotted path.
    public let entries: [String: Entry]

    init(entries: [String: Entry]) {
        self.entries = entries
    }
}

extension ConfigurationReport: Codable {
    /// Reads a report.
    ///
    /// - Parameter decoder: Holds an object of keys.
    /// - Throws: `DecodingError` if it doesn't.
    public init(from decoder: any Decoder) throws {
        entries = try decoder.singleValueContainer().decode([String: Entry].self)
    }

    /// Writes a report.
    ///
    /// - Parameter encoder: Receives one object.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(entries)
    }
}

extension LoadedConfiguration {
    /// The configuration for JSON.
    public var report: ConfigurationReport {
        let entries = ConfigurationSchema.keys.map { key in
            (key.path, ConfigurationReport.Entry(value: key.value(configuration), source: "\(origin(of: key))"))
        }
        return ConfigurationReport(entries: Dictionary(entries, uniquingKeysWith: { $1 }))
    }

    /// ``report`` as JSON with sorted keys, on several lines.
    ///
    /// - Throws: `EncodingError` for a number that isn't finite, which no validated configuration holds.
    public func renderJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
}

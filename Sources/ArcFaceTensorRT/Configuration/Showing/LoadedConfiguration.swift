/// A configuration and where each of its values came from.
public struct LoadedConfiguration: Sendable, Equatable {
    /// The values.
    public let configuration: ArcFaceConfiguration
    /// For every key by its dotted path, where its value came from.
    public let origins: [String: ConfigurationOrigin]
    /// The configuration file that was read; nil if there was none.
    public let file: String?
    /// What its user should be told, one sentence each.
    public let notes: [String]

    init(
        configuration: ArcFaceConfiguration, origins: [String: ConfigurationOrigin], file: String?, notes: [String]
    ) {
        self.configuration = configuration
        self.origins = Dictionary(
            ConfigurationSchema.keys.map { ($0.path, origins[$0.path] ?? .default) }, uniquingKeysWith: { $1 })
        self.file = file
        self.notes = notes
    }

    /// One key, its value and its origin.
    public struct Row: Sendable, Equatable {
        /// The dotted path.
        public let key: String
        /// The value as YAML, on one line.
        public let value: String
        /// Where the value came from, on one line.
        public let origin: String
    }

    /// Every key in the order of the sample file.
    public var rows: [Row] {
        ConfigurationSchema.keys.map { key in
            Row(key: key.path, value: key.value(configuration).yaml, origin: origin(of: key).description)
        }
    }

    func origin(of key: ConfigurationKey) -> ConfigurationOrigin { origins[key.path] ?? .default }

    /// The rows as aligned columns under a heading, each line ended by a line feed.
    public func renderTable() -> String {
        let lines = [Row(key: "key", value: "value", origin: "from")] + rows
        // One very long value must not push all the origins off the screen.
        let keyWidth = lines.map(\.key.count).max() ?? 0
        let valueWidth = min(lines.map(\.value.count).max() ?? 0, 40)
        return lines.map { row in
            "\(row.key.padded(to: keyWidth))  \(row.value.padded(to: valueWidth))  \(row.origin)\n"
        }.joined()
    }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

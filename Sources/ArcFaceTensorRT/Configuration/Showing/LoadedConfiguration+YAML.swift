extension LoadedConfiguration {
    /// The configuration as a YAML file that loads back to the same configuration; a comment after each value names its
    /// origin.
    public func renderYAML() -> String {
        ConfigurationYAML.render(
            value: { $0.value(configuration).yaml }, comments: false,
            remark: { "# \(origin(of: $0))" })
    }
}

/// Writes the schema's keys as nested YAML.
enum ConfigurationYAML {
    /// Writes every key.
    ///
    /// - Parameters:
    ///   - value: A key's value as YAML on one line.
    ///   - comments: Whether each section and key is explained by comments above it.
    ///   - remark: A comment after a key's value; nil for none.
    /// - Returns: The YAML text.
    static func render(
        value: (ConfigurationKey) -> String, comments: Bool, remark: (ConfigurationKey) -> String?
    ) -> String {
        var text = ""
        var open: [Substring] = []
        for section in ConfigurationSchema.sections {
            let names = section.path.split(separator: ".")
            let shared = zip(open, names).prefix { $0 == $1 }.count
            for (depth, name) in names.enumerated().dropFirst(shared) {
                let margin = String(repeating: "  ", count: depth)
                if comments { text += "\(text.isEmpty ? "" : "\n")\(margin)# \(section.summary)\n" }
                text += "\(margin)\(name):\n"
            }
            open = names
            let margin = String(repeating: "  ", count: names.count)
            for key in section.keys {
                if comments { text += key.explanation(margin: margin) }
                text += "\(margin)\(key.name): \(value(key))\(remark(key).map { "  \($0)" } ?? "")\n"
            }
        }
        return text
    }
}

extension ConfigurationKey {
    /// Type and allowed values in one phrase.
    var expectation: String { allowed.isEmpty ? type : "\(type) \(allowed)" }

    /// What the key means and takes, as comment lines.
    fileprivate func explanation(margin: String) -> String {
        let oneLine = "\(margin)# \(summary) (\(expectation))\n"
        return oneLine.count <= 121 ? oneLine : "\(margin)# \(summary)\n\(margin)# (\(expectation))\n"
    }
}

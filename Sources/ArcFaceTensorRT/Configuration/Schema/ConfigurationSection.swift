/// Keys that are side by side in YAML and in one settings structure.
struct ConfigurationSection: Sendable {
    /// The dotted path of the mapping, such as `comparison.int8`.
    let path: String
    /// One line for the reference and the sample file.
    let summary: String
    let keys: [ConfigurationKey]

    init<Settings>(
        _ path: String, _ base: any WritableKeyPath<ArcFaceConfiguration, Settings> & Sendable, _ summary: String,
        _ fields: [Field<Settings>]
    ) {
        self.path = path
        self.summary = summary
        keys = fields.map { field in
            ConfigurationKey(
                path: "\(path).\(field.name)", type: field.type, allowed: field.allowed, summary: field.summary,
                assign: { raw, configuration throws(ValueProblem) in
                    try field.assign(raw, &configuration[keyPath: base])
                },
                check: { configuration throws(ValueProblem) in try field.check(configuration[keyPath: base]) },
                value: { configuration in field.value(configuration[keyPath: base]) })
        }
    }
}

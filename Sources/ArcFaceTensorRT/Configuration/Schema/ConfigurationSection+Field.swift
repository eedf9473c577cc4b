extension ConfigurationSection {
    /// One key of a section, told of the section's own structure only, so that two sections can share their fields.
    struct Field<Settings>: Sendable {
        let name: String
        let type: String
        let allowed: String
        let summary: String
        let assign: @Sendable (RawSetting, inout Settings) throws(ValueProblem) -> Void
        let check: @Sendable (Settings) throws(ValueProblem) -> Void
        let value: @Sendable (Settings) -> ConfigurationValue

        /// The same field as seen from a structure that holds this one's.
        func lifted<Outer>(
            through property: any WritableKeyPath<Outer, Settings> & Sendable
        ) -> ConfigurationSection.Field<Outer> {
            ConfigurationSection.Field<Outer>(
                name: name, type: type, allowed: allowed, summary: summary,
                assign: { [assign] raw, outer throws(ValueProblem) in try assign(raw, &outer[keyPath: property]) },
                check: { [check] outer throws(ValueProblem) in try check(outer[keyPath: property]) },
                value: { [value] outer in value(outer[keyPath: property]) })
        }
    }
}

extension ConfigurationSection.Field {
    /// Reads, checks and shows `property` by `rule`.
    init<Value>(
        _ name: String, _ property: any WritableKeyPath<Settings, Value> & Sendable, _ rule: ConfigurationRule<Value>,
        _ summary: String
    ) {
        self.name = name
        self.summary = summary
        type = rule.type
        allowed = rule.allowed
        assign = { raw, settings throws(ValueProblem) in
            let value = try rule.read(raw)
            try rule.check(value, raw.line)
            settings[keyPath: property] = value
        }
        check = { settings throws(ValueProblem) in try rule.check(settings[keyPath: property], nil) }
        value = { settings in rule.show(settings[keyPath: property]) }
    }
}

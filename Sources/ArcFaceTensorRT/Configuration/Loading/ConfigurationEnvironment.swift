/// The environment variables of the configuration.
public enum ConfigurationEnvironment {
    /// What every variable's name starts with.
    public static let prefix = "ARCFACE_"
    /// Names the configuration file.
    public static let fileVariable = "ARCFACE_CONFIG"

    /// What the names of variables that tests read start with; they are no settings and pass unread.
    static let testPrefix = "ARCFACE_TEST_"

    static let keysByName: [String: ConfigurationKey] = Dictionary(
        ConfigurationSchema.keys.map { ($0.environmentName, $0) }, uniquingKeysWith: { first, _ in first })

    static let names: [String] = ([fileVariable] + ConfigurationSchema.keys.map(\.environmentName)).sorted()
}

extension ConfigurationLayer {
    /// Reads every variable that starts with `ARCFACE_`. An empty one counts as not set.
    init(environment: [String: String], log: inout ConfigurationIssueLog) {
        let ours = environment.filter { $0.key.hasPrefix(ConfigurationEnvironment.prefix) }
        for (name, value) in ours.sorted(by: { $0.key < $1.key }) {
            if name == ConfigurationEnvironment.fileVariable { continue }
            if name.hasPrefix(ConfigurationEnvironment.testPrefix) { continue }
            if name == EngineSigner.variable { continue }
            guard let key = ConfigurationEnvironment.keysByName[name] else {
                log.add(Self.unknownVariable(name))
                continue
            }
            settings.append(
                Setting(key: key, raw: RawSetting(.argument(value)), origin: .environment(name: name)))
        }
    }

    private static func unknownVariable(_ name: String) -> ConfigurationIssue {
        for (old, present) in ConfigurationSchema.renamed where name == ConfigurationKey.environmentName(of: old) {
            return ConfigurationIssue(
                .unknownVariable, .environment(name: name), "there is no such variable",
                mend: "it is \(ConfigurationKey.environmentName(of: present)) now")
        }
        let tail = "_" + name.dropFirst(ConfigurationEnvironment.prefix.count)
        let nearest = ConfigurationSchema.nearest(to: name, tail: tail, in: ConfigurationEnvironment.names)
        let mend = nearest.map { "did you mean \($0)?" } ?? "unset it; the configuration reference lists the names"
        return ConfigurationIssue(
            .unknownVariable, .environment(name: String(name.prefix(80))), "there is no such variable", mend: mend)
    }
}

/// What one layer says, in the order in which it says it.
struct ConfigurationLayer {
    struct Setting {
        let key: ConfigurationKey
        let raw: RawSetting
        let origin: ConfigurationOrigin
    }

    var settings: [Setting] = []
    /// What to tell users, one sentence each.
    var notes: [String] = []

    /// Puts this layer's settings on top of what is there. Settings that say nothing change nothing.
    func apply(
        to configuration: inout ArcFaceConfiguration, origins: inout [String: ConfigurationOrigin],
        log: inout ConfigurationIssueLog
    ) {
        for setting in settings where !setting.raw.isUnset {
            do throws(ValueProblem) {
                try setting.key.assign(setting.raw, &configuration)
                origins[setting.key.path] = setting.origin
            } catch {
                log.add(ConfigurationIssue(error, setting.origin.place, key: setting.key.path))
            }
        }
    }
}

extension ConfigurationLayer {
    /// The command line. An empty value is refused: it is a shell variable that wasn't set, not a wish.
    init(overrides: [ConfigurationOverride], log: inout ConfigurationIssueLog) {
        for override in overrides {
            let place = ConfigurationIssue.Place.commandLine(option: override.option)
            guard case .key(let key) = ConfigurationSchema.entries[override.key] else {
                log.add(Self.notAKey(override.key, place))
                continue
            }
            let raw = RawSetting(.argument(override.value))
            if raw.isUnset {
                log.add(
                    ConfigurationIssue(
                        .wrongType, place, key: key.path, "found no value", mend: "give one, or leave the option out"))
                continue
            }
            settings.append(
                Setting(
                    key: key, raw: raw,
                    origin: .commandLine(option: override.option)))
        }
    }

    private static func notAKey(_ name: String, _ place: ConfigurationIssue.Place) -> ConfigurationIssue {
        if ConfigurationSchema.entries[name] != nil {
            let names = ConfigurationSchema.names(below: name).joined(separator: ", ")
            return ConfigurationIssue(
                .unknownKey, place, key: name, "these are several keys", mend: "name one of \(names)")
        }
        if let present = ConfigurationSchema.renamed[name] {
            return ConfigurationIssue(
                .unknownKey, place, key: name, "there is no such key", mend: "it is \(present) now")
        }
        // The last part of a path may be right where the rest isn't.
        let tail = "." + (name.split(separator: ".").last ?? "")
        let nearest = ConfigurationSchema.nearest(
            to: name, tail: tail, in: ConfigurationSchema.keys.map(\.path))
        return ConfigurationIssue(
            .unknownKey, place, key: String(name.prefix(80)), "there is no such key",
            mend: nearest.map { "did you mean \($0)?" } ?? "the configuration reference lists the keys")
    }
}

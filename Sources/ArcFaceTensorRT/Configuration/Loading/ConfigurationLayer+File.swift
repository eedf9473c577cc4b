import Yams

extension ConfigurationLayer {
    /// The configuration file: every key in it must be one of the schema's.
    init(file document: YAMLDocument, log: inout ConfigurationIssueLog) {
        guard let root = document.root, !root.isNothing else { return }
        read(root, below: "", line: root.mark?.line ?? 1, document.path, &log)
    }

    private mutating func read(
        _ node: Node, below parent: String, line: Int, _ file: String, _ log: inout ConfigurationIssueLog
    ) {
        guard let mapping = node.mapping else {
            let key = parent.isEmpty ? nil : parent
            log.add(
                ConfigurationIssue(
                    .notAMapping, .file(path: file, line: line, column: nil), key: key,
                    "found \(RawSetting(node, line: line).found), wanted keys with values",
                    mend: "write \(ConfigurationSchema.names(below: parent).joined(separator: ", ")) with values here"))
            return
        }
        for (keyNode, value) in mapping.mergedPairs() {
            if log.isFull { return }
            let line = keyNode.mark?.line ?? line
            guard let name = keyNode.scalar?.string else {
                log.add(
                    ConfigurationIssue(
                        .unknownKey, .file(path: file, line: line, column: nil),
                        "found \(RawSetting(keyNode, line: line).found) as a key", mend: "write the name of a key"))
                continue
            }
            let path = ConfigurationSchema.path(parent, name)
            switch name.contains(".") ? nil : ConfigurationSchema.entries[path] {
            case .key(let key):
                settings.append(
                    Setting(key: key, raw: RawSetting(value, line: line), origin: .file(path: file, line: line)))
            case .section:
                if !value.isNothing { read(value, below: path, line: line, file, &log) }
            case nil:
                log.add(
                    ConfigurationIssue(
                        .unknownKey, .file(path: file, line: line, column: nil), key: String(path.prefix(80)),
                        "there is no such key", mend: ConfigurationSchema.mend(unknown: name, below: parent)))
            }
        }
    }
}

extension Node {
    /// Null, or nothing at all.
    var isNothing: Bool { RawSetting(self, line: nil).isUnset }
}

extension RawSetting {
    /// A value in a file. Lists within lists are left empty: no key takes them, and they may be nested deeply.
    ///
    /// - Parameters:
    ///   - node: The value.
    ///   - line: The line of its key. The value's own line may be elsewhere, if it comes from an alias.
    init(_ node: Node, line: Int?) {
        switch node {
        case .mapping: self.init(.mapping, line: line)
        case .sequence(let sequence):
            let elements = sequence.map { element in
                let line = element.mark?.line ?? line
                return element.sequence == nil ? RawSetting(element, line: line) : RawSetting(.list([]), line: line)
            }
            self.init(.list(elements), line: line)
        case .alias(let alias): self.init(.tagged("*\(alias.anchor.rawValue)"), line: line)
        case .scalar(let scalar):
            switch scalar.tag.rawValue {
            case Tag.Name.implicit.rawValue where scalar.style == .plain || scalar.style == .any:
                self.init(.plain(scalar.string), line: line)
            case Tag.Name.implicit.rawValue, Tag.Name.str.rawValue, Tag.Name.nonSpecific.rawValue:
                self.init(.quoted(scalar.string), line: line)
            case Tag.Name.bool.rawValue, Tag.Name.int.rawValue, Tag.Name.float.rawValue, Tag.Name.null.rawValue:
                self.init(.plain(scalar.string), line: line)
            case let tag: self.init(.tagged(tag), line: line)
            }
        }
    }
}

import Yams

/// A file that was read as one YAML document.
struct YAMLDocument {
    /// The file's path, as its user wrote it.
    let path: String
    /// The root; nil if the file holds nothing.
    let root: Node?

    /// The most nodes that a document may have once every alias stands for what it names.
    static let expandedNodeLimit = 200_000

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: Where it is, for the system.
    ///   - shownPath: The path as its user wrote it.
    /// - Throws: An issue if it can't be read, isn't one YAML document, or unfolds into something enormous.
    init(contentsOf path: String, shownAs shownPath: String) throws(ConfigurationIssue) {
        let text = try ConfigurationFileReader.text(of: path, shownAs: shownPath)
        try self.init(text, path: shownPath)
    }

    /// Reads YAML; see ``init(contentsOf:shownAs:)``.
    init(_ text: String, path: String) throws(ConfigurationIssue) {
        self.path = path
        try YAMLAliasLimits.check(text, path: path)
        do {
            root = try compose(yaml: text, .default, .default, .utf8)
        } catch let error as YamlError {
            throw ConfigurationIssue(error, in: text, path: path)
        } catch {
            throw ConfigurationIssue(
                .syntax, .file(path: path, line: nil, column: nil), "not YAML: \(error)", mend: "correct the file")
        }
        if let root, Self.isEnormous(root) {
            throw ConfigurationIssue(
                .tooLarge, .file(path: path, line: nil, column: nil),
                "aliases unfold into more than \(Self.expandedNodeLimit) values", mend: "write the values out")
        }
    }

    private static func isEnormous(_ root: Node) -> Bool {
        var pending = [root]
        var count = 0
        while let node = pending.popLast() {
            count += 1
            if count + pending.count > expandedNodeLimit { return true }
            switch node {
            case .mapping(let mapping): for (key, value) in mapping { pending += [key, value] }
            case .sequence(let sequence): pending += sequence
            case .scalar, .alias: break
            }
        }
        return false
    }
}

extension Node.Mapping {
    /// The pairs, with those of merge keys (`<<: *name`) that no key of the mapping itself replaces.
    ///
    /// Safe to call on a document that passed the limits of ``YAMLDocument``.
    ///
    /// - Parameter depth: How many merges within merges are followed; a merge key below that is left as it is.
    /// - Returns: The pairs; the mapping's own come first.
    func mergedPairs(depth: Int = 16) -> [(key: Node, value: Node)] {
        var own: [(key: Node, value: Node)] = []
        var merged: [(key: Node, value: Node)] = []
        for (key, value) in self {
            guard depth > 0, key.scalar?.string == "<<", key.scalar?.style == .plain else {
                own.append((key, value))
                continue
            }
            switch value {
            case .mapping(let mapping): merged += mapping.mergedPairs(depth: depth - 1)
            case .sequence(let sequence) where sequence.allSatisfy({ $0.mapping != nil }):
                for mapping in sequence.compactMap(\.mapping) { merged += mapping.mergedPairs(depth: depth - 1) }
            case .scalar, .sequence, .alias: own.append((key, value))
            }
        }
        var seen = Set(own.compactMap { $0.key.scalar?.string })
        for pair in merged {
            if let name = pair.key.scalar?.string, !seen.insert(name).inserted { continue }
            own.append(pair)
        }
        return own
    }
}

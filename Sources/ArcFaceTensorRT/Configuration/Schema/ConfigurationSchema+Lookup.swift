extension ConfigurationSchema {
    /// What a dotted path leads to.
    enum Entry: Sendable {
        case key(ConfigurationKey)
        case section
    }

    static let keys: [ConfigurationKey] = sections.flatMap(\.keys)

    /// Every valid path: those of keys and those of the mappings that hold them.
    static let entries: [String: Entry] = {
        var entries: [String: Entry] = [:]
        for section in sections { entries[section.path] = .section }
        for key in keys { entries[key.path] = .key(key) }
        return entries
    }()

    /// The names that are valid directly below `path`, in the order of the schema; below "" are the top-level names.
    static func names(below path: String) -> [String] {
        let prefix = path.isEmpty ? "" : path + "."
        let paths = keys.map(\.path) + sections.map(\.path)
        var names: [String] = []
        for candidate in paths where candidate.hasPrefix(prefix) {
            let name = candidate.dropFirst(prefix.count).prefix { $0 != "." }
            if !names.contains(String(name)) { names.append(String(name)) }
        }
        return names
    }

    static func path(_ parent: String, _ name: String) -> String {
        parent.isEmpty ? name : "\(parent).\(name)"
    }

    /// Keys that had another name, by that name.
    static let renamed = ["tensorrt.devices": "tensorrt.gpus"]

    /// What to do about a key that isn't valid below `parent`.
    static func mend(unknown name: String, below parent: String) -> String {
        if let present = renamed[path(parent, name)] { return "it is \(present) now" }
        if let dot = name.lastIndex(of: "."), case .key = entries[path(parent, name)] {
            return "write \(name[dot...].dropFirst()): below \(path(parent, String(name[..<dot]))):"
        }
        // A key's own name in the wrong place says more than a name that looks alike in this place.
        if let moved = shortest(of: entries.keys, endingWith: ".\(name)") { return "did you mean \(moved)?" }
        let siblings = names(below: parent)
        if let sibling = Suggestion.nearest(to: name, in: siblings) { return "did you mean \(path(parent, sibling))?" }
        let leaves = Set(keys.map { String($0.name) }).sorted()
        if let leaf = Suggestion.nearest(to: name, in: leaves),
            let moved = shortest(of: entries.keys, endingWith: ".\(leaf)")
        {
            return "did you mean \(moved)?"
        }
        return "valid here: \(siblings.joined(separator: ", "))"
    }

    /// What to do about a dotted path, or an environment variable's name, that isn't one of `names`.
    ///
    /// - Parameters:
    ///   - name: What was written.
    ///   - tail: The part of it that the right name might end with.
    ///   - names: The valid ones.
    /// - Returns: The nearest name; nil if none is near.
    static func nearest(to name: String, tail: String, in names: some Sequence<String>) -> String? {
        shortest(of: names, endingWith: tail) ?? Suggestion.nearest(to: name, in: names)
    }

    private static func shortest(of names: some Sequence<String>, endingWith tail: String) -> String? {
        names.filter { $0.hasSuffix(tail) }.min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }
}

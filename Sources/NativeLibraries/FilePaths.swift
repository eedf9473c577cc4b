internal import Glibc

/// The few questions about paths that a search asks. Relative paths are relative to the working directory.
enum FilePaths {
    static func joined(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && (status.st_mode & S_IFMT) == S_IFDIR
    }

    /// The absolute path without symbolic links, or nil when there is no such file.
    static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// The names in a folder without `.` and `..`, in no order; none when it can't be read.
    static func entries(of folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Files of a folder that carry one of the names, or one of them followed by more version numbers. In the order of
    /// the names; among equals the highest version first.
    static func matches(for names: [String], in folder: String) -> [String] {
        let entries = entries(of: folder)
        var found: [String] = []
        for name in names {
            let versions = entries.filter { $0 == name || VersionOrder.isVersioned($0, of: name) }
            for entry in versions.sorted(by: { VersionOrder.precedes($1, $0) }) where !found.contains(entry) {
                found.append(entry)
            }
        }
        return found.map { joined(folder, $0) }
    }
}

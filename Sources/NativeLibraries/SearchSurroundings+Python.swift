extension SearchSurroundings {
    /// Folders that pip installs into, in the order of how near they are to this project: its own `.deps`, the active
    /// virtual environment, the environment of the `python3` on `PATH`, the user's, the system's. Found by looking at
    /// folders; Python isn't started. Only folders that exist are given, each once.
    package func sitePackages() -> [String] {
        var roots = [FilePaths.joined(workingFolder, ".deps/files")]
        roots += packages(ofPrefix: FilePaths.joined(workingFolder, ".deps/venv"))
        if let active = environment["VIRTUAL_ENV"], !active.isEmpty { roots += packages(ofPrefix: active) }
        for prefix in prefixesOfPythonOnPath() { roots += packages(ofPrefix: prefix) }
        if let home = environment["HOME"], !home.isEmpty {
            roots += packages(ofPrefix: FilePaths.joined(home, ".local"))
        }
        for prefix in systemPrefixes { roots += packages(ofPrefix: prefix) }

        var seen: Set<String> = []
        return roots.filter { FilePaths.isFolder($0) && seen.insert(FilePaths.resolved($0) ?? $0).inserted }
    }

    /// `lib/python3*/site-packages` and Debian's `dist-packages` under an installation's prefix, newest Python first.
    private func packages(ofPrefix prefix: String) -> [String] {
        ["lib", "lib64"].flatMap { library in
            let folder = FilePaths.joined(prefix, library)
            let versions = FilePaths.entries(of: folder)
                .filter { $0.hasPrefix("python3") }
                .sorted { VersionOrder.precedes($1, $0) }
            return versions.flatMap { version in
                ["site-packages", "dist-packages"].map { FilePaths.joined(folder, "\(version)/\($0)") }
            }
        }
    }

    /// pyenv's `python3` is a script in `shims`, the installations lie beside that folder; newest first.
    private static func pyenvPrefixes(of python: String) -> [String] {
        guard FilePaths.parent(python).hasSuffix("/shims") else { return [] }
        let versions = FilePaths.joined(FilePaths.parent(FilePaths.parent(python)), "versions")
        return FilePaths.entries(of: versions)
            .sorted { VersionOrder.precedes($1, $0) }
            .map { FilePaths.joined(versions, $0) }
    }

    /// A `python3` on `PATH` belongs to the installation above its `bin`; a virtual environment's is a link into the
    /// installation that it was made from, which comes second. All on `PATH` count, not only the first, because a
    /// version manager puts a script before the real one.
    private func prefixesOfPythonOnPath() -> [String] {
        (environment["PATH"] ?? "").split(separator: ":").flatMap { folder -> [String] in
            let python = FilePaths.joined(String(folder), "python3")
            guard let real = FilePaths.resolved(python) else { return [] }
            return [python, real].map { FilePaths.parent(FilePaths.parent($0)) } + Self.pyenvPrefixes(of: python)
        }
    }
}

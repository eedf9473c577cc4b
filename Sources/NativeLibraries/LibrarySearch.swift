/// What to look for when a native library is needed, and where.
///
/// The order: an explicit path (which must work: there is no second try), the path in an environment variable (likewise),
/// the loader's own rules, `../lib` beside our executable, and the folders that pip installs into.
package struct LibrarySearch: Sendable {
    /// The library's plain name for messages, such as `ONNX Runtime`.
    package var name: String
    /// A file, or a folder that holds one of `fileNames`; empty counts as not given.
    package var explicitPath: String?
    /// Who gave `explicitPath`, such as `onnxruntime.library_path in pipeline.yaml`.
    package var explicitSource: String
    /// A variable that may hold a path as good as an explicit one; `explicitPath` goes before it.
    package var environmentVariable: String?
    /// File names in the order of preference (`libonnxruntime.so.1` before `libonnxruntime.so`). In folders, a name
    /// followed by further version numbers counts as well.
    package var fileNames: [String]
    /// Where pip wheels put the library, relative to `site-packages`.
    package var pipFolders: [String]
    /// What to install or set when nothing is found.
    package var mend: String

    package init(
        name: String,
        explicitPath: String? = nil,
        explicitSource: String = "the configuration",
        environmentVariable: String? = nil,
        fileNames: [String],
        pipFolders: [String] = [],
        mend: String
    ) {
        self.name = name
        self.explicitPath = explicitPath
        self.explicitSource = explicitSource
        self.environmentVariable = environmentVariable
        self.fileNames = fileNames
        self.pipFolders = pipFolders
        self.mend = mend
    }

    /// Opens the first library that works.
    ///
    /// - Throws: `NativeLibraryError` that lists every place and the loader's reason there.
    package func open(in surroundings: SearchSurroundings = .current) throws(NativeLibraryError) -> NativeLibrary {
        if let given = givenPath(in: surroundings) {
            return try openGiven(given.path, source: given.source)
        }
        var attempts: [NativeLibraryError.Attempt] = []
        for candidate in candidates(in: surroundings) {
            guard candidate.isWorthTrying else {
                attempts.append(.init(place: candidate.path, outcome: "no such file"))
                continue
            }
            do throws(NativeLibraryError) {
                return try NativeLibrary(opening: candidate.path)
            } catch {
                attempts += error.attempts
            }
        }
        throw NativeLibraryError(code: .notFound, library: name, attempts: attempts, mend: mend)
    }

    /// The path that someone named, and who did.
    func givenPath(in surroundings: SearchSurroundings) -> (path: String, source: String)? {
        if let explicitPath, !explicitPath.isEmpty { return (explicitPath, explicitSource) }
        if let environmentVariable, let value = surroundings.environment[environmentVariable], !value.isEmpty {
            return (value, "the environment variable \(environmentVariable)")
        }
        return nil
    }

    /// The file that a given path means: the path itself, or the library inside the folder; nil when it isn't there.
    func givenFile(_ path: String) -> String? {
        // A bare name would make the loader search; a path that someone wrote means that file and no other.
        let file = path.contains("/") ? path : "./" + path
        return FilePaths.isFolder(file) ? FilePaths.matches(for: fileNames, in: file).first : file
    }

    private func openGiven(_ path: String, source: String) throws(NativeLibraryError) -> NativeLibrary {
        guard let file = givenFile(path) else {
            throw NativeLibraryError(
                code: .explicitPathUnusable(source: source), library: name,
                attempts: [.init(place: path, outcome: "a folder without \(fileNames.joined(separator: " or "))")],
                mend: mend)
        }
        do throws(NativeLibraryError) {
            return try NativeLibrary(opening: file)
        } catch {
            throw NativeLibraryError(
                code: .explicitPathUnusable(source: source), library: name, attempts: error.attempts, mend: mend)
        }
    }
}

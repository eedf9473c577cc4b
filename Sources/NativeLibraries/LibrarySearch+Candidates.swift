/// A place where a library may be, found by looking at folders only: nothing is loaded.
package struct LibraryCandidate: Sendable, Equatable {
    /// Which rule of the search leads to this place.
    package enum Origin: Sendable, Equatable {
        case given(source: String)
        /// A bare file name; the loader alone knows whether it can be found.
        case loader
        case besideExecutable
        case pip
    }

    package enum Status: Sendable, Equatable {
        case exists
        case missing
        /// Only opening it can tell.
        case unknown
    }

    package var origin: Origin
    /// A file, a bare name (`.loader`), or a folder that lacks the library (`.missing`).
    package var path: String
    package var status: Status

    var isWorthTrying: Bool { status != .missing }
}

extension LibrarySearch {
    /// Every place the search would look at, in its order, for a report. An explicit path is the only one when given; of a
    /// folder, every file in it that has one of the names.
    package func candidates(in surroundings: SearchSurroundings = .current) -> [LibraryCandidate] {
        if let given = givenPath(in: surroundings) {
            let origin = LibraryCandidate.Origin.given(source: given.source)
            guard !FilePaths.isFolder(given.path) else { return candidates(in: given.path, origin: origin) }
            let file = givenFile(given.path)
            return [
                LibraryCandidate(
                    origin: origin, path: file ?? given.path,
                    status: file.map(FilePaths.exists) == true ? .exists : .missing)
            ]
        }
        var found = fileNames.map { LibraryCandidate(origin: .loader, path: $0, status: .unknown) }
        if let folder = surroundings.executableFolder {
            found += candidates(in: FilePaths.joined(folder, "../lib"), origin: .besideExecutable)
        }
        if !pipFolders.isEmpty {
            for packages in surroundings.sitePackages() {
                for pipFolder in pipFolders {
                    found += candidates(in: FilePaths.joined(packages, pipFolder), origin: .pip)
                }
            }
        }
        return found
    }

    private func candidates(in folder: String, origin: LibraryCandidate.Origin) -> [LibraryCandidate] {
        let files = FilePaths.matches(for: fileNames, in: folder)
        guard !files.isEmpty else { return [LibraryCandidate(origin: origin, path: folder, status: .missing)] }
        return files.map { LibraryCandidate(origin: origin, path: $0, status: .exists) }
    }
}

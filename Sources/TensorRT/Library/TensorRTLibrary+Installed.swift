package import Logging
package import NativeLibraries

/// A file that goes by TensorRT's name, whether or not it can be driven.
package struct InstalledTensorRT: Sendable {
    /// The real path of the file.
    package var path: String
    /// The library, if it can be driven.
    package var library: TensorRTLibrary?
    /// Why it can't be; nil if it can.
    package var problem: TensorRTError?
}

extension TensorRTLibrary {
    /// Every library that a search finds, each file once, in the order in which `load` tries them. All are loaded.
    ///
    /// - Parameters:
    ///   - search: `.tensorRT()` or `.tensorRTRTX()`. If it has an explicit path, what is there comes first, and the usual
    ///     places are looked at all the same.
    ///   - surroundings: The machine to look at.
    ///   - logger: Gets TensorRT's messages.
    /// - Returns: What is there; empty if nothing is.
    package static func installed(
        _ search: LibrarySearch, surroundings: SearchSurroundings = .current, logger: Logger
    ) -> [InstalledTensorRT] {
        var usual = search
        usual.explicitPath = nil
        let given = search.explicitPath?.isEmpty == false ? search.candidates(in: surroundings) : []
        var found: [InstalledTensorRT] = []
        for place in given + usual.candidates(in: surroundings) where place.status != .missing {
            guard let one = examined(place, mend: search.mend, logger: logger) else { continue }
            if !found.contains(where: { $0.path == one.path }) { found.append(one) }
        }
        return found
    }

    private static func examined(_ place: LibraryCandidate, mend: String, logger: Logger) -> InstalledTensorRT? {
        let file: NativeLibrary
        do throws(NativeLibraryError) {
            file = try NativeLibrary(opening: place.path)
        } catch {
            // The loader's own places are asked for names that needn't be there.
            guard !place.isLoaders else { return nil }
            return InstalledTensorRT(
                path: LibrarySearch.realPath(place.path), library: nil,
                problem: TensorRTError(.libraryUnavailable, error.description, mend: mend, nativeLibraryError: error))
        }
        do throws(TensorRTError) {
            let library = try TensorRTLibrary(file, isLoaders: place.isLoaders, mend: mend, logger: logger)
            return InstalledTensorRT(path: library.path, library: library, problem: nil)
        } catch {
            return InstalledTensorRT(path: file.path, library: nil, problem: error)
        }
    }
}

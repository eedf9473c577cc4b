/// Why a native library couldn't be used: every place that was looked at, and what would help.
package struct NativeLibraryError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// A path was given in so many words and doesn't work; nothing else was tried.
        case explicitPathUnusable(source: String)
        /// No place that was looked at holds a library that opens.
        case notFound
        /// This one file doesn't open.
        case unusable
        /// The file opened but lacks this symbol.
        case symbolMissing(String)
    }

    /// One place and what was met there, in the loader's own words where it was asked.
    package struct Attempt: Sendable, Equatable {
        package var place: String
        package var outcome: String

        package init(place: String, outcome: String) {
            self.place = place
            self.outcome = outcome
        }
    }

    package var code: Code
    /// The library's plain name (`ONNX Runtime`) or its path.
    package var library: String
    package var attempts: [Attempt]
    /// What to do about it; empty where nothing general can be said.
    package var mend: String

    package init(code: Code, library: String, attempts: [Attempt], mend: String = "") {
        self.code = code
        self.library = library
        self.attempts = attempts
        self.mend = mend
    }

    /// One line: what failed, where, and the mend.
    package var description: String {
        let places = attempts.map { "\($0.place) (\($0.outcome))" }.joined(separator: "; ")
        let head =
            switch code {
            case .explicitPathUnusable(let source):
                "\(library) can't be loaded from the path that \(source) gives: \(places)"
            case .notFound: "\(library) wasn't found; looked at \(places)"
            case .unusable: "\(library) can't be loaded: \(places)"
            case .symbolMissing(let symbol): "\(library) isn't the expected library: it exports no `\(symbol)`"
            }
        return (mend.isEmpty ? head : "\(head); \(mend)").replacing("\n", with: " ")
    }
}

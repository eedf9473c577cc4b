/// What a search for an engine came to.
package enum EngineLookup: Sendable {
    /// An engine that agrees with the key.
    case hit(StoredEngine)
    /// None, and why.
    case miss(EngineMiss)
}

/// Why no stored engine is the wanted one. `description` is one line for people.
package struct EngineMiss: Error, Sendable, Equatable, CustomStringConvertible {
    /// Why one file isn't it.
    package enum Reason: Sendable, Equatable {
        /// There is no such engine.
        case absent
        /// It is another engine.
        case mismatched([EngineMismatch])
        /// It can't be used at all: no manifest, an altered file, a link.
        case unusable(EngineStoreError)
    }

    /// One file and what is wrong with it.
    package struct Candidate: Sendable, Equatable {
        /// The plan's file name.
        package let fileName: String
        /// Why it isn't the wanted engine.
        package let reason: Reason

        /// Names a file and what is wrong with it.
        package init(fileName: String, reason: Reason) {
            self.fileName = fileName
            self.reason = reason
        }
    }

    /// The engine of the wanted name first, then others of the same model, precision and runtime.
    package let candidates: [Candidate]

    /// Lists what was looked at.
    package init(candidates: [Candidate]) {
        self.candidates = candidates
    }

    package var description: String {
        let shown = 3
        let texts = candidates.prefix(shown).map { candidate in
            switch candidate.reason {
            case .absent: "there is no \(candidate.fileName)"
            case .mismatched(let mismatches):
                "\(candidate.fileName): \(mismatches.map(\.description).joined(separator: "; "))"
            case .unusable(let error): "\(candidate.fileName): \(error.what)"
            }
        }
        let more = candidates.count > shown ? ["\(candidates.count - shown) more"] : []
        return (texts + more).joined(separator: "; ")
    }
}

/// What became of one engine in a command.
package struct ShelfOutcome: Sendable {
    /// The engine's file name or key.
    package let id: String
    /// One line: what was done.
    package let text: String
    /// Why it wasn't; nil if it was.
    package let error: ArcFaceError?

    init(_ id: String, _ text: String) {
        (self.id, self.text, error) = (id, text, nil)
    }

    init(_ id: String, _ error: ArcFaceError) {
        (self.id, text, self.error) = (id, error.description, error)
    }

    fileprivate struct Fields: Encodable {
        let id: String
        let ok: Bool
        let text: String
    }
}

extension [ShelfOutcome] {
    /// The outcomes as one JSON array, keys sorted.
    package var json: String {
        ShelfJSON.text(map { ShelfOutcome.Fields(id: $0.id, ok: $0.error == nil, text: $0.text) })
    }
}

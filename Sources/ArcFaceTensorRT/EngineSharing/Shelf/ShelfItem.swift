import Digests
import EngineStore
import Foundation

/// An engine of the folder or of the team's store, as lists show it.
package struct ShelfItem: Sendable {
    /// What tells it from the others there: a file name, or a key.
    package let id: String
    /// The path or address; nil for what can't be used.
    package let location: String?
    /// Why it can't be used; nil if it can.
    package let problem: String?
    /// Whether it is kept from being cleared away.
    package let isPinned: Bool
    let entry: EngineEntry?

    init(_ listing: EngineListing, isPinned: Bool = false) {
        id = listing.id
        self.isPinned = isPinned
        switch listing.engine {
        case .success(let entry):
            (location, problem, self.entry) = (entry.location, nil, entry)
        case .failure(let error):
            (location, problem, self.entry) = (
                nil, [error.what, error.mend].filter { !$0.isEmpty }.joined(separator: "; "), nil
            )
        }
    }

    /// The friendly name, the file's size, what runs it and who signed it: the columns of a list.
    package var columns: [String] {
        guard let manifest = entry?.manifest else { return [id, "", "", "", "unusable: \(problem ?? "")"] }
        let marks = [
            isPinned ? "pinned" : nil, manifest.signature == nil ? nil : "signed",
            manifest.acceptance.map(\.verdict.rawValue), manifest.model.license,
        ]
        return [
            (try? manifest.name().fileName) ?? id, String(format: "%.1f MB", Double(manifest.plan.bytes) / 1e6),
            "\(manifest.runtime.name.displayName) \(manifest.runtime.version)",
            (try? manifest.identity().short) ?? "", marks.compactMap { $0 }.joined(separator: ", "),
        ]
    }

    /// The fields of JSON output.
    var fields: Fields {
        let manifest = entry?.manifest
        return Fields(
            id: id, location: location, problem: problem, pinned: isPinned,
            name: manifest.flatMap { try? $0.name().fileName }, identity: manifest.flatMap { try? $0.identity().hex },
            bytes: manifest?.plan.bytes, sha256: manifest?.plan.sha256.hex, model_sha256: manifest?.model.onnx.hex,
            precision: manifest?.precision.rawValue, max_batch_size: manifest?.batch.largest,
            runtime: manifest?.runtime.name.rawValue, runtime_version: manifest?.runtime.version.description,
            sm: manifest?.builtOn.sm, created: manifest?.created.description, license: manifest?.model.license,
            signed_by: manifest?.signature.map { "ed25519:\($0.publicKey)" },
            acceptance: manifest?.acceptance?.verdict.rawValue)
    }

    struct Fields: Encodable {
        let id: String
        let location: String?
        let problem: String?
        let pinned: Bool
        let name: String?
        let identity: String?
        let bytes: Int?
        let sha256: String?
        let model_sha256: String?
        let precision: String?
        let max_batch_size: Int?
        let runtime: String?
        let runtime_version: String?
        let sm: Int?
        let created: String?
        let license: String?
        let signed_by: String?
        let acceptance: String?
    }
}

extension [ShelfItem] {
    /// The list as one JSON array, keys sorted.
    package var json: String { ShelfJSON.text(map(\.fields)) }
}

/// JSON for lists and outcomes.
enum ShelfJSON {
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Only strings and whole numbers: encoding can't fail, and an empty list would show if it did.
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}

internal import EngineStore
internal import Foundation

/// What a builder writes into its lock object.
struct LeaseNote: Codable, Equatable {
    /// Who builds.
    var holder: LockHolder
    /// What tells this claim from all others.
    var token: String
    /// How long the claim lasts after the object was written, in seconds.
    var leaseSeconds: Int
    /// How often it was renewed; makes each version of the object another one.
    var renewals = 0

    enum CodingKeys: String, CodingKey {
        case holder, token, renewals
        case leaseSeconds = "lease_seconds"
    }

    /// A new claim of this process.
    init(leaseSeconds: Int) {
        holder = .here
        token = (0..<2).map { _ in String(UInt64.random(in: 0 ... .max), radix: 16) }.joined()
        self.leaseSeconds = leaseSeconds
    }

    /// Reads a lock object; nil for anything else.
    init?(json: [UInt8]) {
        guard let note = try? JSONDecoder().decode(LeaseNote.self, from: Data(json)) else { return nil }
        self = note
    }

    /// The object's bytes.
    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // Strings and whole numbers can always be written.
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }
}

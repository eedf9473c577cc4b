/// What this machine has for the product's jobs, and what to install for the rest.
package struct DoctorReport: Sendable, Encodable {
    /// How a thing was found.
    package enum Status: String, Sendable, Encodable {
        case ok
        /// Not there, and not needed for embedding.
        case absent
        /// Needed for embedding, and missing or broken.
        case problem
    }

    /// One thing that was looked at.
    package struct Check: Sendable, Encodable {
        package let area: String
        package let name: String
        package let status: Status
        /// Path, version or what was found in its place.
        package let detail: String
        /// What to do about it.
        package let mend: String?

        package init(_ area: String, _ name: String, _ status: Status, _ detail: String, mend: String? = nil) {
            self.area = area
            self.name = name
            self.status = status
            self.detail = detail
            self.mend = mend
        }
    }

    package let checks: [Check]

    /// Whether photos can be embedded here.
    package var canEmbed: Bool { !checks.contains { $0.status == .problem } }

    private enum CodingKeys: String, CodingKey {
        case canEmbed = "can_embed"
        case checks
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(canEmbed, forKey: .canEmbed)
        try container.encode(checks, forKey: .checks)
    }
}

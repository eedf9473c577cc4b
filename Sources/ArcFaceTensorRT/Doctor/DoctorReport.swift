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
        /// Every library of that name that was found, the one that runs engines first, which `detail` tells of; nil where a
        /// check is of one thing.
        package let libraries: [Library]?

        package init(
            _ area: String, _ name: String, _ status: Status, _ detail: String, mend: String? = nil,
            libraries: [Library]? = nil
        ) {
            self.area = area
            self.name = name
            self.status = status
            self.detail = detail
            self.mend = mend
            self.libraries = libraries
        }
    }

    /// One of several libraries of the same name.
    package struct Library: Sendable, Encodable {
        package let path: String
        /// `tensorrt`, `tensorrt-lean`, `tensorrt-dispatch` or `tensorrt-rtx`; nil if that can't be told.
        package let flavour: String?
        /// Such as `10.3.0`; nil if that can't be told.
        package let version: String?
        /// The ONNX parser's file, without which nothing is built; nil if there is none.
        package let parser: String?
        /// Whether engines are run with this one, and why; nil if they aren't.
        package let runs: String?
        /// Whether engines are built with this one, and why; nil if they aren't.
        package let builds: String?
        /// Why it can't be used at all; nil if it can.
        package let problem: String?
        /// The library in one line for people.
        package let text: String

        private enum CodingKeys: String, CodingKey {
            case path, flavour, version, parser
            case runs = "runs_engines"
            case builds = "builds_engines"
            case problem
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

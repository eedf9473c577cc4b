/// The generation of a GPU, such as 9.0 for an H100.
package struct ComputeCapability: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var major: Int
    package var minor: Int

    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    package var description: String { "\(major).\(minor)" }

    /// As engine names have it: `sm90`, `sm86`.
    package var smName: String { "sm\(major)\(minor)" }
}

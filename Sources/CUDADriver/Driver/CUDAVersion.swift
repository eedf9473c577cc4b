/// A version of CUDA's interface, such as 12.4.
package struct CUDAVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var major: Int
    package var minor: Int

    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// From the driver's own form: 12040 is 12.4.
    package init(encoded: Int) {
        major = encoded / 1000
        minor = encoded % 1000 / 10
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    package var description: String { "\(major).\(minor)" }

    /// The driver branch on Linux that brought this version, such as 550 for 12.4. From the table of toolkit driver
    /// versions in NVIDIA's release notes; nil for versions that aren't in it.
    package var driverBranch: Int? {
        let branches: [CUDAVersion: Int] = [
            .init(11, 0): 450, .init(11, 1): 455, .init(11, 2): 460, .init(11, 3): 465, .init(11, 4): 470,
            .init(11, 5): 495, .init(11, 6): 510, .init(11, 7): 515, .init(11, 8): 520, .init(12, 0): 525,
            .init(12, 1): 530, .init(12, 2): 535, .init(12, 3): 545, .init(12, 4): 550, .init(12, 5): 555,
            .init(12, 6): 560, .init(12, 8): 570, .init(12, 9): 575, .init(13, 0): 580, .init(13, 1): 590,
        ]
        return branches[self]
    }

    /// `NVIDIA driver 550 or newer (CUDA 12.4)`.
    package var driverPhrase: String {
        driverBranch.map { "NVIDIA driver \($0) or newer (CUDA \(self))" }
            ?? "an NVIDIA driver for CUDA \(self) or newer"
    }
}

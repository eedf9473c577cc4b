package import Digests

/// What compiled kernels are good for: one plan, in one version of the library, on one kind of GPU with one driver.
package struct RuntimeCacheKey: Sendable, Equatable {
    /// The plan's SHA-256.
    package let plan: Digest
    /// The library and its version, such as `tensorrt-rtx 1.7.1`.
    package let library: String
    /// The GPU's name and compute capability, such as `NVIDIA GeForce RTX 4090, sm89`.
    package let gpu: String
    /// The driver's version.
    package let driver: String

    /// Puts a key together. What would break a line becomes a space.
    package init(plan: Digest, library: String, gpu: String, driver: String) {
        func line(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }
        self.plan = plan
        self.library = line(library)
        self.gpu = line(gpu)
        self.driver = line(driver)
    }

    /// The lines at the head of a file of kernels that agrees with the key.
    var lines: [String] {
        [Self.title, "plan: \(plan.hex)", "library: \(library)", "gpu: \(gpu)", "driver: \(driver)"]
    }

    /// What every file of kernels begins with.
    static let title = "arcface-tensorrt runtime cache 1"
}

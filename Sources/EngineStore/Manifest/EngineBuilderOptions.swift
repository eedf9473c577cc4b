/// What a builder was told beyond model, precision and profiles.
package struct EngineBuilderOptions: Sendable, Equatable, Codable {
    /// Which other GPUs a TensorRT plan may run on. Raw values are the spellings of `--hardware-compatibility`.
    package enum HardwareCompatibility: String, Sendable, Codable {
        /// The compute capability that it was built on.
        case none
        /// Every GPU from Ampere on.
        case amperePlus = "ampere+"
        /// Every GPU of the same compute capability.
        case sameComputeCapability = "same-cc"
    }

    /// How an engine of our own came to its tiles. Raw values are the spellings of `--tiles`.
    package enum Tiles: String, Sendable, Codable {
        /// By running some on the GPU.
        case measured
        /// By the program's own table, or its rule.
        case table
    }

    /// The most scratch memory for the builder, in MiB; nil leaves it to the runtime.
    package var workspaceMB: Int?
    /// 0 to 5; nil leaves it to the runtime.
    package var optimizationLevel: Int?
    /// Which other GPUs may run the plan.
    package var hardwareCompatibility: HardwareCompatibility
    /// Whether later versions of the same major version may run the plan.
    package var versionCompatible: Bool
    /// TensorRT-RTX only: the compute capabilities, times ten, that the plan is for; empty means every one it supports.
    package var computeCapabilities: [Int]
    /// Engines of our own only: where the tiles come from; nil for other runtimes, and in a wish that takes either.
    package var tiles: Tiles?

    package enum CodingKeys: String, CodingKey {
        case workspaceMB = "workspace_mb"
        case optimizationLevel = "optimization_level"
        case hardwareCompatibility = "hardware_compatibility"
        case versionCompatible = "version_compatible"
        case computeCapabilities = "compute_capabilities"
        case tiles
    }

    /// Names a builder's options; the defaults leave everything to the runtime.
    package init(
        workspaceMB: Int? = nil, optimizationLevel: Int? = nil, hardwareCompatibility: HardwareCompatibility = .none,
        versionCompatible: Bool = false, computeCapabilities: [Int] = [], tiles: Tiles? = nil
    ) {
        self.workspaceMB = workspaceMB
        self.optimizationLevel = optimizationLevel
        self.hardwareCompatibility = hardwareCompatibility
        self.versionCompatible = versionCompatible
        self.computeCapabilities = computeCapabilities.sorted()
        self.tiles = tiles
    }
}

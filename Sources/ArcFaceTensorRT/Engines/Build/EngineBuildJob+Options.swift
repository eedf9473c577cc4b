package import EngineStore

extension EngineBuildJob {
    /// What builds and will run an engine.
    package enum Runtime: String, Sendable, CaseIterable {
        /// NVIDIA's TensorRT 8.6, 10 or 11; needs a GPU, and the engine is for that kind of GPU.
        case tensorrt
        /// TensorRT for RTX; builds without a GPU.
        case tensorrtRTX = "tensorrt-rtx"
        /// This package's own kernels; needs NVIDIA's compiler NVRTC, and no GPU if its kind is named.
        case cuda
    }

    /// Which other GPUs a TensorRT engine may run on.
    package enum HardwareCompatibility: String, Sendable, CaseIterable {
        /// The kind of GPU that it is built on.
        case none
        /// Every GPU from Ampere on.
        case amperePlus = "ampere+"
        /// Every GPU of the same compute capability; TensorRT 10 and newer.
        case sameComputeCapability = "same-cc"
    }

    /// How an engine of our own comes to its tiles.
    package enum Tiles: String, Sendable, CaseIterable {
        /// By running some on the GPU.
        case measured
        /// By the program's own table, or its rule.
        case table
    }

    /// What isn't in the configuration: the model, its name, the precision, the largest batch, the workspace and the
    /// folder of engines are `configuration.tensorRT`'s.
    package struct Options: Sendable {
        /// Who builds; nil takes TensorRT-RTX if the configured backend is that, TensorRT otherwise.
        package var runtime: Runtime?
        /// 0 builds fastest, 5 runs fastest; nil leaves it to the runtime.
        package var optimizationLevel: Int?
        /// The file that keeps measurements between builds; nil takes one in the folder of engines.
        package var timingCachePath: String?
        /// Which other GPUs may run the engine; TensorRT only.
        package var hardwareCompatibility: HardwareCompatibility
        /// Whether later versions of the same major version may run it; TensorRT only.
        package var versionCompatible: Bool
        /// Compute capabilities, times ten, to build for; TensorRT-RTX, and one for our own engine. Empty leaves it to the
        /// runtime, or takes that of the GPU here.
        package var computeCapabilities: [Int]
        /// Builds even if a stored engine would do.
        package var force: Bool
        /// On which faces values are measured; int8 needs them.
        package var calibration: ModelPreparation.Calibration?
        /// The version that shall build where several are installed; nil takes the newest.
        package var version: EngineVersion?
        /// How many streams must be able to run at the same time: each has profiles of its own.
        package var streams: Int
        /// Whether the engine is compared with the reference; nil is as `tensorrt.accept` says.
        package var acceptance: Acceptance?
        /// The model's licence, for the manifest; nil leaves it out.
        package var license: String?
        /// Where the tiles of our own engine come from; nil measures them where a GPU of the target's kind is here.
        package var tiles: Tiles?

        /// How an engine is built; see the properties.
        package init(
            runtime: Runtime? = nil, optimizationLevel: Int? = nil, timingCachePath: String? = nil,
            hardwareCompatibility: HardwareCompatibility = .none, versionCompatible: Bool = false,
            computeCapabilities: [Int] = [], force: Bool = false, calibration: ModelPreparation.Calibration? = nil,
            streams: Int = 1, version: EngineVersion? = nil, acceptance: Acceptance? = nil, license: String? = nil,
            tiles: Tiles? = nil
        ) {
            self.runtime = runtime
            self.optimizationLevel = optimizationLevel
            self.timingCachePath = timingCachePath
            self.hardwareCompatibility = hardwareCompatibility
            self.versionCompatible = versionCompatible
            self.computeCapabilities = computeCapabilities
            self.force = force
            self.calibration = calibration
            self.streams = streams
            self.version = version
            self.acceptance = acceptance
            self.license = license
            self.tiles = tiles
        }
    }
}

extension EngineBuildJob.Runtime {
    /// The same in the store's terms.
    var stored: EngineRuntime {
        switch self {
        case .tensorrt: .tensorrt
        case .tensorrtRTX: .tensorrtRTX
        case .cuda: .cuda
        }
    }

    /// The builder of a runtime's engines.
    init(_ runtime: EngineRuntime) {
        switch runtime {
        case .tensorrt: self = .tensorrt
        case .tensorrtRTX: self = .tensorrtRTX
        case .cuda: self = .cuda
        }
    }
}

extension EngineBuildJob.HardwareCompatibility {
    /// The same in the store's terms.
    var stored: EngineBuilderOptions.HardwareCompatibility {
        switch self {
        case .none: .none
        case .amperePlus: .amperePlus
        case .sameComputeCapability: .sameComputeCapability
        }
    }
}

extension EngineBuildJob.Tiles {
    /// The same in the store's terms.
    var stored: EngineBuilderOptions.Tiles {
        switch self {
        case .measured: .measured
        case .table: .table
        }
    }
}

extension Precision {
    /// The same in the store's terms.
    var stored: EnginePrecision {
        switch self {
        case .fp32: .fp32
        case .fp16: .fp16
        case .int8: .int8
        }
    }
}

/// How an engine is to be built.
package struct BuildOptions: Sendable, Equatable {
    /// For which GPUs besides the one that builds. TensorRT-RTX has `computeCapabilities` instead.
    package enum HardwareCompatibility: Int32, Sendable, CaseIterable {
        /// This kind of GPU only.
        case none
        /// Ampere and everything newer.
        case ampereAndNewer
        /// All GPUs of the same compute capability; 10 and newer.
        case sameComputeCapability
    }

    /// How much of its layers an engine can tell to an inspector.
    package enum ProfilingVerbosity: Int32, Sendable, CaseIterable {
        case layerNames, none, detailed
    }

    /// Number formats that 8.6 may use; from 10 on the network says.
    package enum Precision: Sendable, CaseIterable {
        case fp16, int8
    }

    /// Numbers of faces to tune for, one profile each. Every execution context that runs at the same time needs one of
    /// its own.
    package var profiles: [BatchProfile]
    /// The most device memory that the engine may use as scratch space, in bytes; nil leaves it to TensorRT.
    package var workspaceByteCount: Int?
    /// 0 builds fastest, 5 runs fastest; nil is TensorRT's 3.
    package var optimizationLevel: Int?
    package var hardwareCompatibility: HardwareCompatibility
    /// The plan runs on later versions of TensorRT too, with the lean or dispatch runtime. TensorRT-RTX can't.
    package var isVersionCompatible: Bool
    /// Compute capabilities to build for, such as 86 and 120; TensorRT-RTX only. Empty leaves it to TensorRT-RTX: every
    /// RTX GPU from Ampere on.
    package var computeCapabilities: [Int]
    /// The timing cache that an earlier build left.
    package var timingCache: [UInt8]?
    /// 8.6 only.
    package var precisions: Set<Precision>
    /// Threads that the builder may use; nil is TensorRT's choice.
    package var maxThreads: Int?
    package var profilingVerbosity: ProfilingVerbosity

    package init(
        profiles: [BatchProfile], workspaceByteCount: Int? = nil, optimizationLevel: Int? = nil,
        hardwareCompatibility: HardwareCompatibility = .none, isVersionCompatible: Bool = false,
        computeCapabilities: [Int] = [], timingCache: [UInt8]? = nil, precisions: Set<Precision> = [],
        maxThreads: Int? = nil, profilingVerbosity: ProfilingVerbosity = .detailed
    ) {
        self.profiles = profiles
        self.workspaceByteCount = workspaceByteCount
        self.optimizationLevel = optimizationLevel
        self.hardwareCompatibility = hardwareCompatibility
        self.isVersionCompatible = isVersionCompatible
        self.computeCapabilities = computeCapabilities
        self.timingCache = timingCache
        self.precisions = precisions
        self.maxThreads = maxThreads
        self.profilingVerbosity = profilingVerbosity
    }
}

/// The batch sizes of one optimisation profile: those it takes, and the one that it is tuned for.
package struct BatchProfile: Sendable, Equatable {
    package var minimum: Int
    package var optimum: Int
    package var maximum: Int

    package init(minimum: Int, optimum: Int, maximum: Int) {
        self.minimum = minimum
        self.optimum = optimum
        self.maximum = maximum
    }

    /// Whether 1 ≤ minimum ≤ optimum ≤ maximum.
    package var isOrdered: Bool { 1 <= minimum && minimum <= optimum && optimum <= maximum }
}

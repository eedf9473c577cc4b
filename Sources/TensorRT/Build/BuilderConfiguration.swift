internal import CTensorRT

/// The settings of one build.
final class BuilderConfiguration {
    let object: TensorRTObject
    let builder: TensorRTObject
    private var timingCache: TensorRTObject?
    private var monitor: ProgressMonitor?
    private var interface: TensorRTInterface { object.interface }

    init(_ builder: TensorRTObject) throws(TensorRTError) {
        object = try builder.interface.object("can't create a builder configuration", parents: [builder]) {
            trt_builder_create_config($0, builder.pointer, $1)
        }
        self.builder = builder
    }

    /// Makes one setting.
    private func set(
        _ name: String, _ body: (UnsafePointer<trt_api>, OpaquePointer, UnsafeMutablePointer<trt_error>) -> Bool
    ) throws(TensorRTError) {
        _ = try interface.call("can't set \(name)", .unsupportedOption) { body($0, object.pointer, $1) }
    }

    func apply(_ options: BuildOptions, family: trt_family) throws(TensorRTError) {
        if let bytes = options.workspaceByteCount {
            try set("the workspace limit") { trt_config_set_workspace($0, $1, bytes, $2) }
        }
        if let level = options.optimizationLevel {
            try set("the optimization level") { trt_config_set_optimization_level($0, $1, Int32(level), $2) }
        }
        if options.hardwareCompatibility != .none {
            let level = options.hardwareCompatibility.rawValue
            try set("hardware compatibility") { trt_config_set_hardware_compatibility($0, $1, level, $2) }
        }
        if options.isVersionCompatible {
            try set("version compatibility") { trt_config_set_flag($0, $1, TRT_FLAG_VERSION_COMPATIBLE, $2) }
        }
        if !options.computeCapabilities.isEmpty {
            let capabilities = options.computeCapabilities.map { Int32($0) }
            try set("compute capabilities \(options.computeCapabilities.map(String.init).joined(separator: ", "))") {
                trt_config_set_compute_capabilities($0, $1, capabilities, Int32(capabilities.count), $2)
            }
        }
        if family == TRT_FAMILY_8 {
            for precision in options.precisions {
                let flag = precision == .fp16 ? TRT_FLAG_FP16 : TRT_FLAG_INT8
                try set("the precision \(precision)") { trt_config_set_flag($0, $1, flag, $2) }
            }
        }
        let verbosity = options.profilingVerbosity.rawValue
        try set("the profiling verbosity") { trt_config_set_profiling_verbosity($0, $1, verbosity, $2) }
    }

    func setMonitor(_ monitor: ProgressMonitor) throws(TensorRTError) {
        self.monitor = monitor
        try set("a progress monitor") { trt_config_set_monitor($0, $1, monitor.pointer, $2) }
    }

    /// Sets the timing cache: the earlier one, or an empty one if there is none or if TensorRT won't have it.
    ///
    /// - Returns: Whether the earlier one was taken.
    func setTimingCache(_ earlier: [UInt8]?) throws(TensorRTError) -> Bool {
        if let earlier, !earlier.isEmpty {
            do throws(TensorRTError) {
                try useTimingCache(earlier)
                return true
            } catch  where error.code != .outOfDeviceMemory {
                // A cache of another GPU or version is worth nothing, but no reason not to build: the result says so.
                timingCache = nil
            }
        }
        try useTimingCache([])
        return false
    }

    private func useTimingCache(_ bytes: [UInt8]) throws(TensorRTError) {
        let cache = try interface.object("can't create a timing cache", parents: [builder]) { api, error in
            bytes.withUnsafeBytes { bytes in
                trt_config_create_timing_cache(api, object.pointer, bytes.baseAddress, bytes.count, error)
            }
        }
        timingCache = cache
        try set("the timing cache") { trt_config_set_timing_cache($0, $1, cache.pointer, $2) }
    }

    func timingCacheBytes() throws(TensorRTError) -> [UInt8] {
        guard let timingCache else { return [] }
        let memory = try interface.object("can't read the timing cache", parents: [timingCache]) {
            trt_timing_cache_serialize($0, timingCache.pointer, $1)
        }
        return try PlanMemory(memory).bytes
    }
}

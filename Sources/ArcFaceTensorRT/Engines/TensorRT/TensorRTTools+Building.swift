import EngineStore
import TensorRT

extension TensorRTTools {
    package func build(
        _ order: EngineOrder, on gpus: GPUSet?, progress: @escaping @Sendable (EngineBuildProgress) -> Bool
    ) throws(ArcFaceError) -> EngineProduct? {
        let tally = BuildProgressTally()
        do throws(TensorRTError) {
            let builder = try TensorRTBuilder(library, driver: gpus?.driverState)
            let build = { () throws(TensorRTError) in
                try builder.build(
                    .bytes(order.graph), options: options(order), progress: { progress(tally.add($0)) })
            }
            guard let gpus else { return EngineProduct(try build()) }
            return EngineProduct(try gpus.onFirst(build))
        } catch {
            if error.code == .cancelled { return nil }
            var error = error
            // The graph was made in memory; what the user knows is the file.
            if error.where == "the model" { error.where = order.name }
            throw ArcFaceError(error)
        }
    }

    private func options(_ order: EngineOrder) -> BuildOptions {
        let profiles = order.batch.profiles.map {
            TensorRT.BatchProfile(minimum: $0.min, optimum: $0.opt, maximum: $0.max)
        }
        return BuildOptions(
            profiles: (0..<order.batch.streams).flatMap { _ in profiles },
            workspaceByteCount: order.options.workspaceMB.map { $0 << 20 },
            optimizationLevel: order.options.optimizationLevel,
            hardwareCompatibility: order.options.hardwareCompatibility.inBuilder,
            isVersionCompatible: order.options.versionCompatible,
            computeCapabilities: order.options.computeCapabilities, timingCache: order.timingCache,
            precisions: library.capabilities.precisionIsAnOption ? order.precision.flags : [])
    }
}

extension EngineProduct {
    /// What TensorRT built. A cache that it refused counts as not used, however it reports that.
    fileprivate init(_ built: BuiltEngine) {
        let refusals = built.warnings.filter(Self.isCacheRefusal)
        self.init(
            plan: built.plan, layerCount: built.layerCount, buildDuration: built.buildDuration,
            timingCache: built.timingCache, usedTimingCache: built.usedTimingCache && refusals.isEmpty,
            warnings: built.warnings.filter { !Self.isCacheRefusal($0) }.map { "TensorRT: \($0.message)" })
    }

    /// Whether TensorRT says with this that it begins with an empty cache in place of the one given.
    private static func isCacheRefusal(_ record: TensorRTLogRecord) -> Bool {
        let text = record.message.lowercased()
        return text.contains("timing cache will not be used") || text.contains("deserialize timing cache")
    }
}

extension PlanMemory: PlanSource {}

extension EnginePrecision {
    /// TensorRT 8.6 takes the graph's number formats only where these allow them.
    fileprivate var flags: Set<BuildOptions.Precision> {
        switch self {
        case .fp32: []
        case .fp16: [.fp16]
        case .int8: [.int8]
        }
    }
}

extension EngineBuilderOptions.HardwareCompatibility {
    /// The same in TensorRT's terms.
    fileprivate var inBuilder: BuildOptions.HardwareCompatibility {
        switch self {
        case .none: .none
        case .amperePlus: .ampereAndNewer
        case .sameComputeCapability: .sameComputeCapability
        }
    }
}

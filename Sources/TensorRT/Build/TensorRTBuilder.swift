internal import CTensorRT

/// Builds engines. Builds may run at the same time, though TensorRT measures kernels better alone.
package final class TensorRTBuilder: Sendable {
    private let library: TensorRTLibrary
    private let interface: TensorRTInterface

    /// Finds the ONNX parser, and makes sure that there is a GPU if the builder needs one.
    ///
    /// - Parameters:
    ///   - library: A library with a builder.
    ///   - driver: The driver's state; nil looks at this machine.
    /// - Throws: `TensorRTError` with code `.builderUnavailable`, `.parserUnavailable`, `.symbolMissing` or
    ///   `.deviceUnavailable`.
    package init(_ library: TensorRTLibrary, driver: DriverState? = nil) throws(TensorRTError) {
        guard library.capabilities.builds else {
            throw TensorRTError(
                .builderUnavailable, "\(library.name) runs engines but can't build them", at: library.path,
                mend: "install the full TensorRT, or build elsewhere with `--version-compatible`")
        }
        if !library.capabilities.buildsWithoutGPU {
            try (driver ?? .current()).requireDevice(for: library.path)
        }
        self.library = library
        interface = try library.interfaceWithParser()
    }

    /// Parses a model and builds an engine from it. Blocks until it is done, for seconds or many minutes.
    ///
    /// - Parameters:
    ///   - model: An ONNX model whose inputs have an open batch dimension at most.
    ///   - options: How to build. What this version doesn't have is an error, never ignored.
    ///   - progress: Learns of progress and may cancel. On 8.6 it is asked once, before the build.
    /// - Returns: The plan and what else came out.
    /// - Throws: `TensorRTError` with code `.unsupportedOption`, `.modelRefused`, `.unsuitableNetwork`, `.buildFailed`,
    ///   `.cancelled`, `.outOfDeviceMemory` or another.
    package func build(
        _ model: ONNXSource, options: BuildOptions, progress: BuildProgressHandler? = nil
    ) throws(TensorRTError) -> BuiltEngine {
        try options.check(for: library)
        let monitor = try progress.map { handler throws(TensorRTError) in try ProgressMonitor(handler: handler) }
        let start = interface.router.sink.position
        let logger = interface.router.logger
        let builder = try interface.object("can't create a builder") { trt_builder_create($0, logger, $1) }
        if let threads = options.maxThreads {
            _ = try interface.call("can't limit the builder to \(threads) threads") {
                trt_builder_set_max_threads($0, builder.pointer, Int32(threads), $1)
            }
        }
        let network = try NetworkDefinition(builder)
        let parser = try ONNXParser(network, logger: logger)
        try parser.parse(model)
        let config = try BuilderConfiguration(builder)
        try config.apply(options, family: interface.api.pointee.family)
        try config.addProfiles(options.profiles, for: network, of: model)
        let usedCache = try config.setTimingCache(options.timingCache)
        let (plan, duration) = try plan(of: network, builder, config, parser, monitor: monitor, model: model)
        return BuiltEngine(
            plan: plan, timingCache: try config.timingCacheBytes(), usedTimingCache: usedCache,
            layerCount: try network.layerCount(), inputs: try network.inputs(), outputs: try network.outputs(),
            buildDuration: duration,
            warnings: interface.router.sink.messages(since: start).filter { $0.severity == .warning })
    }

    private func plan(
        of network: NetworkDefinition, _ builder: TensorRTObject, _ config: BuilderConfiguration, _ parser: ONNXParser,
        monitor: ProgressMonitor?, model: ONNXSource
    ) throws(TensorRTError) -> (PlanMemory, Duration) {
        let isWatched = library.capabilities.reportsProgress
        if let monitor {
            if isWatched {
                try config.setMonitor(monitor)
            } else {
                monitor.state.start("Building", parent: nil, steps: 1)
            }
        }
        let cancelled = TensorRTError(.cancelled, "the build was cancelled", at: model.name)
        if let monitor, monitor.state.isCancelled { throw cancelled }
        let clock = ContinuousClock()
        let begin = clock.now
        do throws(TensorRTError) {
            let memory = try interface.object(
                "\(library.name) can't build an engine", .buildFailed, at: model.name,
                mend: "see the log above; `LOG_LEVEL=trace` shows all of TensorRT's"
            ) { trt_builder_build($0, builder.pointer, network.object.pointer, config.object.pointer, $1) }
            // The parser owns weights of the network, the config points to the monitor.
            withExtendedLifetime((parser, config, monitor)) {}
            if let monitor, !isWatched { monitor.state.report("Building", step: 1) }
            return (try PlanMemory(memory), clock.now - begin)
        } catch {
            throw monitor?.state.isCancelled == true ? cancelled : error
        }
    }
}

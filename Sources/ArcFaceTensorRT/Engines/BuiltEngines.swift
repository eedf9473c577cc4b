import EngineStore

/// Engines that were built before, or are built now: auto-build.
///
/// A build takes minutes, so it is never silent: why no stored engine fits, and how far the build is, goes to `report`.
struct BuiltEngines: EngineProvider {
    let report: @Sendable (EngineBuildJob.Event) -> Void
    let shouldStop: @Sendable () -> Bool
    private let build: @Sendable (EngineRequest, BuiltEngines) throws(ArcFaceError) -> Void

    /// - Parameters:
    ///   - shouldStop: asked often, from any thread; true cancels a build.
    ///   - report: told what goes on, from any thread.
    ///   - build: puts the engine of a request into its folder; for tests.
    init(
        shouldStop: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (EngineBuildJob.Event) -> Void,
        build: @escaping @Sendable (EngineRequest, BuiltEngines) throws(ArcFaceError) -> Void = Self.runJob
    ) {
        self.shouldStop = shouldStop
        self.report = report
        self.build = build
    }

    func engine(
        for request: EngineRequest, shouldStop: @escaping @Sendable () -> Bool
    ) throws(ArcFaceError) -> LoadedEngine {
        switch try request.stored() {
        case .success(let engine): return engine
        case .failure(let miss): report(.message("auto-build: \(miss)"))
        }
        if let engine = try FetchedEngines(report: report).fetch(request, shouldStop: shouldStop) { return engine }
        try build(request, stopping(shouldStop))
        // What was built is read and verified like any other engine; if it doesn't fit even now, that says why.
        return try StoredEngines().engine(for: request)
    }

    /// These engines, with one more reason to stop a build.
    private func stopping(_ shouldStop: @escaping @Sendable () -> Bool) -> BuiltEngines {
        BuiltEngines(shouldStop: { [self] in shouldStop() || self.shouldStop() }, report: report, build: build)
    }

    private static func runJob(_ request: EngineRequest, _ engines: BuiltEngines) throws(ArcFaceError) {
        let job = EngineBuildJob(
            options: EngineBuildJob.Options(
                runtime: EngineBuildJob.Runtime(request.key.name.target.runtime),
                calibration: request.configuration.embedding.calibration, version: request.key.version),
            configuration: request.configuration, search: request.search)
        guard let summary = try job.run(shouldStop: engines.shouldStop, report: engines.report) else {
            throw ArcFaceError(
                .cancelled, "the build was stopped", at: request.key.name.fileName,
                mend: "run again, or build it beforehand: \(request.buildCommand)")
        }
        if let reason = summary.rejection {
            throw ArcFaceError(
                .unavailable, "the engine was rejected: \(reason)", at: summary.path,
                mend: "build with --precision fp32, or run another backend; `arcface-tensorrt compare` looks for the "
                    + "cause")
        }
    }
}

import EngineStore

/// Engines that are here, or in the team's store; none is built.
struct FetchedEngines: EngineProvider {
    let report: @Sendable (EngineBuildJob.Event) -> Void

    func engine(
        for request: EngineRequest, shouldStop: @escaping @Sendable () -> Bool
    ) throws(ArcFaceError) -> LoadedEngine {
        if case .success(let engine) = try request.stored() { return engine }
        if let engine = try fetch(request, shouldStop: shouldStop) { return engine }
        return try StoredEngines().engine(for: request)
    }

    /// The engine from the team's store, read and verified; nil if there is no store, or it has none that fits.
    func fetch(
        _ request: EngineRequest, shouldStop: @escaping @Sendable () -> Bool
    ) throws(ArcFaceError) -> LoadedEngine? {
        let exchange = try TeamExchange(request.configuration, shouldStop: shouldStop, report: report)
        guard let engine = try exchange?.fetch(request.key, into: request.folder) else { return nil }
        try request.configuration.clearOut(request.folder, keeping: engine) { report(.message($0)) }
        guard case .success(let loaded) = try request.stored() else { return nil }
        return loaded
    }
}

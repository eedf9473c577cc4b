package import EngineStore

/// Where an engine comes from that a configuration asks for: a folder, or a build.
package protocol EngineProvider: Sendable {
    /// Told what goes on, from any thread.
    var report: @Sendable (EngineBuildJob.Event) -> Void { get }

    /// The engine, its plan read and verified. May take as long as a build does.
    ///
    /// - Parameters:
    ///   - request: which engine.
    ///   - shouldStop: asked often, from any thread; true cancels a build.
    /// - Returns: the engine.
    /// - Throws: `ArcFaceError` with code `.unavailable` and what to do if there is none.
    func engine(
        for request: EngineRequest, shouldStop: @escaping @Sendable () -> Bool
    ) throws(ArcFaceError) -> LoadedEngine
}

/// Engines that were built before.
package struct StoredEngines: EngineProvider {
    package let report: @Sendable (EngineBuildJob.Event) -> Void = { _ in }

    package init() {}

    package func engine(
        for request: EngineRequest, shouldStop: @escaping @Sendable () -> Bool = { false }
    ) throws(ArcFaceError) -> LoadedEngine {
        switch try request.stored() {
        case .success(let engine): return engine
        case .failure(let miss):
            throw ArcFaceError(
                .unavailable, "no \(request.key.name.target.runtime.displayName) engine to run: \(miss)",
                at: request.folder.path, mend: "build it: \(request.buildCommand)")
        }
    }
}

package import EngineStore

/// Where an engine comes from that a configuration asks for: a folder, or a build.
package protocol EngineProvider: Sendable {
    /// The engine, its plan read and verified. May take as long as a build does.
    ///
    /// - Throws: `ArcFaceError` with code `.unavailable` and what to do if there is none.
    func engine(for request: EngineRequest) throws(ArcFaceError) -> LoadedEngine
}

/// Engines that were built before.
package struct StoredEngines: EngineProvider {
    package init() {}

    package func engine(for request: EngineRequest) throws(ArcFaceError) -> LoadedEngine {
        let found: Result<LoadedEngine, EngineMiss>
        do throws(EngineStoreError) {
            found = try request.folder.load(request.key)
        } catch {
            throw ArcFaceError(error)
        }
        switch found {
        case .success(let engine): return engine
        case .failure(let miss):
            throw ArcFaceError(
                .unavailable, "no \(request.key.name.target.runtime.displayName) engine to run: \(miss)",
                at: request.folder.path, mend: "build it: \(request.buildCommand)")
        }
    }
}

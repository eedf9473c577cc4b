extension EngineLoading {
    /// What embeds for a configuration that asks for an engine, as `embedding.auto_build` wants it.
    ///
    /// - Parameters:
    ///   - configuration: names the engine.
    ///   - engines: where engines come from.
    ///   - meanwhile: loads what embeds while an engine is built in the background.
    /// - Returns: the engine; for `background`, where none fits, something that becomes it.
    /// - Throws: `ArcFaceError` if no runtime for engines can run here, or there is no engine and none can be built.
    func runtime(
        for configuration: ArcFaceConfiguration, engines: any EngineProvider,
        meanwhile: () throws(ArcFaceError) -> any EmbeddingRuntime
    ) throws(ArcFaceError) -> any EmbeddingRuntime {
        switch configuration.effectiveAutoBuild {
        case .off: return try embedding(configuration, engines: FetchedEngines(report: engines.report))
        case .foreground: return try embedding(configuration, engines: engines)
        case .background:
            switch try stored(configuration) {
            case .ready(let embedding): return embedding
            case .missing:
                return BackgroundEngine(fallback: try meanwhile(), report: engines.report) {
                    [self] (shouldStop) throws(ArcFaceError) in
                    try embedding(configuration, engines: engines, shouldStop: shouldStop)
                }
            }
        }
    }
}

extension ArcFaceConfiguration {
    /// `embedding.auto_build`; where a GPU is required, ONNX Runtime on a CPU can't serve meanwhile, so the build is waited
    /// for.
    var effectiveAutoBuild: AutoBuild {
        let mayServe = !embedding.requireGPU || onnxRuntime.device == .cuda
        return embedding.autoBuild == .background && !mayServe ? .foreground : embedding.autoBuild
    }
}

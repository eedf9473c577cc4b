import FaceImages

/// What a job embeds, and with what: inputs that were found, a runtime and a detector that are loaded.
struct EmbeddingPlan: Sendable {
    let inputs: PhotoList
    let runtime: any EmbeddingRuntime
    /// What isn't as it was asked for, one line each.
    let warnings: [String]
    private let preparer: PhotoPreparer.Settings
    private let threads: Int
    private let batchSize: Int

    /// Looks for the inputs, then loads the models: a mistyped path shall not cost the loading of a model.
    ///
    /// - Parameters:
    ///   - options: what is embedded.
    ///   - configuration: with what.
    ///   - engines: where engines come from.
    ///   - hooks: who follows the preparation of a model whose precision takes a while to write.
    /// - Throws: `ArcFaceError`.
    init(
        _ options: EmbedJob.Options, configuration: ArcFaceConfiguration, engines: any EngineProvider,
        hooks: PreparationHooks = PreparationHooks()
    ) throws(ArcFaceError) {
        do throws(FaceImageError) {
            inputs = try PhotoList.expand(paths: options.paths)
        } catch {
            throw ArcFaceError(.inputMissing, error.description)
        }
        let choice = try BackendChoice(
            configuration: configuration, threading: .throughput, engines: engines, hooks: hooks)
        runtime = choice.runtime
        warnings = choice.warnings
        threads = configuration.onnxRuntime.threadCount
        batchSize = options.batchSize ?? EmbedJob.Options.defaultBatchSize
        preparer = PhotoPreparer.Settings(
            inputs: inputs, source: try Self.source(options, configuration: configuration, choice: choice),
            selection: options.largestOnly ? .largest : .all,
            limits: DecodeLimits(maxPixels: configuration.input.maxPixels))
    }

    private static func source(
        _ options: EmbedJob.Options, configuration: ArcFaceConfiguration, choice: BackendChoice
    ) throws(ArcFaceError) -> PhotoPreparer.Settings.Source {
        if options.aligned { return .aligned }
        if let path = options.landmarksPath {
            do throws(FaceImageError) {
                return .landmarks(try LandmarksFile.read(PhotoPath(path)))
            } catch {
                throw ArcFaceError(error.code == .notFound ? .inputMissing : .invalidInput, error.description)
            }
        }
        return .detector(try YuNetDetector(configuration: configuration, library: choice.library))
    }

    /// What runs a part of the inputs.
    func pipeline(for range: Range<Int>) -> EmbeddingPipeline {
        EmbeddingPipeline(
            range: range, runtime: runtime, workers: threads, batchSize: batchSize,
            makePreparer: { [preparer] in PhotoPreparer(preparer) })
    }
}

import Dispatch

/// Finds and embeds the faces of photos, one photo after another.
///
/// ```swift
/// for try await photo in try runTensorRTEmbeddings(["photos/"]) {
///     print(photo.path, photo.faces.map(\.norm), photo.failures)
/// }
/// ```
///
/// The engine, or with `embedding.backend: auto` on a machine that can run none ONNX Runtime, is loaded by this call; where
/// no engine fits, `embedding.auto_build` decides. `embedding.require_gpu` makes a fallback an error.
///
/// - Parameters:
///   - paths: photos (JPEG, PNG), folders (searched recursively) and list files (`.txt`, one path a line).
///   - configuration: the model, the backend, the GPUs, the detector.
///   - options: how faces are found.
/// - Returns: the photos, embedded as they are asked for.
/// - Throws: `ArcFaceError`: no photos, or a model or backend that can't be used.
public func runTensorRTEmbeddings(
    _ paths: [String], configuration: ArcFaceConfiguration = .init(), options: PhotoEmbeddingOptions = .init()
) throws -> EmbeddedPhotos {
    EmbeddedPhotos(
        try EmbeddingPlan(
            try options.job(paths, output: "", resume: false), configuration: configuration,
            engines: BuiltEngines(report: RuntimeLog.write)))
}

/// Finds and embeds the faces of photos, and writes the embeddings to a file as the command `embed` does.
///
/// A task that is cancelled finishes what was begun; the output has it, and `resume` goes on there.
///
/// - Parameters:
///   - paths: photos (JPEG, PNG), folders (searched recursively) and list files (`.txt`, one path a line).
///   - output: `OUT.npz`, `OUT.npy` or `OUT.jsonl`.
///   - configuration: the model, the backend, the GPUs, the detector.
///   - options: how faces are found.
///   - resume: goes on where an interrupted or failed run with the same output stopped.
/// - Returns: how many photos and faces there were, and which backend embedded them.
/// - Throws: `ArcFaceError`, or `CancellationError`.
public func runTensorRTEmbeddings(
    _ paths: [String], output: String, configuration: ArcFaceConfiguration = .init(),
    options: PhotoEmbeddingOptions = .init(), resume: Bool = false
) async throws -> PhotoEmbeddingSummary {
    let jobOptions = try options.job(paths, output: output, resume: resume)
    let cancellation = BackgroundJob()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "ArcFaceTensorRT.photos").async {
                continuation.resume(
                    with: Result {
                        let job = try EmbedJob(
                            options: jobOptions, configuration: configuration,
                            shouldStop: { cancellation.isStopped }, building: RuntimeLog.write)
                        let summary = try job.run(shouldStop: { cancellation.isStopped }, progress: { _ in })
                        if summary.interrupted { throw CancellationError() }
                        return PhotoEmbeddingSummary(summary, warnings: job.warnings)
                    })
            }
        }
    } onCancel: {
        cancellation.stop()
    }
}

import FaceImages
import Foundation

/// An ArcFace model that is loaded and ready.
///
/// ```swift
/// let embedder = try ArcFaceEmbedder(modelPath: "models/w600k_mbf.onnx")
/// let faces = try FaceBatch(count: 2, pixels: pixels)  // uint8 [2, 112, 112, 3], BGR
/// let embeddings = try await embedder.embed(faces)
/// ```
public final class ArcFaceEmbedder: FaceEmbedder {
    /// What runs where. It changes once where `embedding.auto_build` is `background`: when the engine takes over.
    public var information: EmbedderInformation { runtime.information }
    /// What the caller should know: a backend that was asked for and isn't used, and why; also an engine whose build in the
    /// background failed.
    public var warnings: [String] { initialWarnings + ((runtime as? BackgroundEngine)?.warnings ?? []) }
    private let initialWarnings: [String]
    private let runtime: any EmbeddingRuntime
    private let queue = DispatchQueue(label: "ArcFaceTensorRT.embed", attributes: .concurrent)

    /// Loads the model that a configuration names.
    ///
    /// Where an engine is asked for and none fits, `embedding.auto_build` decides: it is built now, or in the background
    /// while ONNX Runtime embeds (releasing the embedder stops the build), or not at all. Builds are logged, label
    /// `ArcFaceTensorRT.build`.
    ///
    /// - Parameter configuration: `tensorrt.onnx_path`, `embedding`, `onnxruntime` and `preprocessing` are used.
    /// - Throws: `ArcFaceError` if the model is missing or unusable, or the backend that was named can't run.
    public convenience init(configuration: ArcFaceConfiguration) throws {
        let choice = try BackendChoice(
            configuration: configuration, threading: .latency, engines: BuiltEngines(report: RuntimeLog.write),
            hooks: PreparationHooks(report: RuntimeLog.write, shouldStop: { false }))
        self.init(runtime: choice.runtime, warnings: choice.warnings)
    }

    /// Loads a model with the default configuration.
    ///
    /// - Parameter modelPath: an ArcFace ONNX file.
    /// - Throws: `ArcFaceError` if the model is missing or unusable, or no runtime is found.
    public convenience init(modelPath: String) throws {
        var configuration = ArcFaceConfiguration()
        configuration.tensorRT.onnxPath = modelPath
        try self.init(configuration: configuration)
    }

    package init(runtime: any EmbeddingRuntime, warnings: [String]) {
        self.runtime = runtime
        initialWarnings = warnings
    }

    /// Embeds aligned faces; see `FaceEmbedder.embed`.
    public func embed(_ faces: FaceBatch) async throws -> EmbeddingBatch {
        let runtime = runtime
        // The call blocks for milliseconds to seconds: not on a thread of the cooperative pool.
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try runtime.embeddings(of: faces) })
            }
        }
    }
}

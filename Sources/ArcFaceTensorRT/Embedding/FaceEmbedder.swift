import FaceImages

/// Anything that turns aligned faces into embeddings.
public protocol FaceEmbedder: Sendable {
    /// What runs where: for reports, logs and metrics.
    var information: EmbedderInformation { get }

    /// Embeds aligned faces.
    ///
    /// Each row equals that face embedded alone, within rounding. Batches of any size are taken; larger ones than the runtime's maximum are
    /// split. Safe to call from many tasks at once.
    ///
    /// - Parameter faces: uint8 [N, 112, 112, 3], BGR.
    /// - Returns: float32 [N, D] of unit length, and the norms.
    /// - Throws: `ArcFaceError` with the runtime's own message.
    func embed(_ faces: FaceBatch) async throws -> EmbeddingBatch
}

/// What an embedder is made of.
public struct EmbedderInformation: Sendable, Equatable {
    /// The backend's name as in the configuration: `onnxruntime`, `tensorrt`, …
    public let backend: String
    /// The runtime's version.
    public let runtimeVersion: String
    /// The device that computes, such as `CPU, 2 threads`.
    public let device: String
    /// The model's file.
    public let modelPath: String
    /// Numbers an embedding, D.
    public let embeddingWidth: Int
    /// The preprocessing in the graph, and whether it was found there, given or assumed: `rgb, (x − 127.5) / 127.5 (default)`.
    public let preprocessing: String
    /// The number format that the model computes in.
    public let precision: Precision
    /// What was mended in the model's graph, one line each.
    public let repairs: [String]
    /// The faces that an int8 model was calibrated on: their number and their digest, which covers the model too.
    package var calibration: String?
}

/// A runtime as the facade sees it: blocking, raw numbers in and out.
package protocol EmbeddingRuntime: Sendable {
    var information: EmbedderInformation { get }

    /// Calls that may run at the same time and still gain speed.
    var concurrency: Int { get }

    /// The most faces that one call may get; larger batches are split.
    var maximumBatch: Int { get }

    /// What serves a call that begins now, from its first face to its last; of a runtime that is another one's place
    /// holder, that other one.
    var serving: any EmbeddingRuntime { get }

    /// Told of faces that `serving` embedded, by whoever called that one.
    func embedded(_ count: Int, by runtime: any EmbeddingRuntime)

    /// Embeds `count` faces, blocking.
    ///
    /// - Parameters:
    ///   - pixels: uint8 [count, 112, 112, 3], BGR.
    ///   - count: 1…`maximumBatch`.
    ///   - output: float32 [count, D], filled with raw embeddings.
    /// - Throws: `ArcFaceError` with the runtime's own message.
    func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError)
}

extension EmbeddingRuntime {
    package var serving: any EmbeddingRuntime { self }

    package func embedded(_ count: Int, by runtime: any EmbeddingRuntime) {}
}

import FaceImages
import PyTorchReference

/// A network in a Python process with PyTorch. Safe to call from many threads; calls take turns.
final class PyTorchEmbedding: EmbeddingRuntime {
    let information: EmbedderInformation
    let concurrency = 1
    let maximumBatch: Int
    private let reference: PyTorchReference

    /// Takes a network that is loaded.
    ///
    /// - Throws: `PyTorchError` `modelUnusable`, if PyTorch makes embeddings of another width of the graph.
    init(
        _ reference: PyTorchReference, model: PyTorchModel, network: PyTorchNetwork
    ) throws(PyTorchError) {
        let loaded = reference.network
        if let width = model.width, width != loaded.width {
            throw PyTorchError(
                .modelUnusable, "PyTorch gives \(loaded.width) numbers a face where the graph has \(width)",
                python: reference.python)
        }
        self.reference = reference
        maximumBatch = network.capacity
        let threads = "CPU, \(network.threads) thread\(network.threads == 1 ? "" : "s")"
        let device = network.device == "cuda" ? "\(loaded.device), CUDA \(loaded.cuda ?? "?")" : threads
        information = EmbedderInformation(
            backend: Backend.pyTorch.rawValue, runtimeVersion: loaded.torch,
            device: network.mode == PyTorchMode.fp32.rawValue ? device : "\(device), \(network.mode)",
            modelPath: model.path, embeddingWidth: loaded.width, preprocessing: model.preprocessing,
            precision: model.precision,
            repairs: model.repairs + (loaded.architecture.map { ["architecture: \($0)"] } ?? []))
    }

    func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) {
        _ = try stages(pixels, count: count, into: output)
    }

    /// Embeds, and tells how long the child took.
    func stages(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) -> PyTorchReference.Stages {
        let bytes = count * FaceBatch.bytesPerFace
        let numbers = count * information.embeddingWidth
        guard (1...maximumBatch).contains(count), pixels.count >= bytes, output.count >= numbers else {
            throw ArcFaceError(
                .invalidInput, "\(count) faces with \(pixels.count) bytes, and room for \(output.count) numbers")
        }
        do throws(PyTorchError) {
            return try reference.embed(
                UnsafeRawBufferPointer(rebasing: pixels[..<bytes]),
                into: UnsafeMutableBufferPointer(rebasing: output[..<numbers]))
        } catch {
            throw ArcFaceError(error)
        }
    }
}

/// What a Python process runs, and how.
package struct PyTorchNetwork: Sendable {
    /// Where the network comes from.
    package enum Source: Sendable {
        /// A prepared ONNX graph in float32: uint8 faces in, embeddings out. Needs onnx and onnx2torch.
        case graph([UInt8])
        /// A file of weights. `architecture` is nil where their names shall tell; `color` is `rgb` or `bgr`, and a pixel of 0…255 becomes
        /// (pixel − mean) / scale.
        case checkpoint(path: String, architecture: String?, color: String, mean: Double, scale: Double)
    }

    package var source: Source
    /// `cpu` or `cuda`.
    package var device: String
    /// `fp32`, `tf32`, `fp16` or `compile-fp16`.
    package var mode: String
    /// The most faces of one call.
    package var capacity: Int
    /// Threads on a CPU.
    package var threads: Int

    package init(source: Source, device: String, mode: String, capacity: Int, threads: Int) {
        self.source = source
        self.device = device
        self.mode = mode
        self.capacity = capacity
        self.threads = threads
    }

    /// The Python modules that must be there.
    var modules: [String] {
        switch source {
        case .graph: ["torch", "onnx", "onnx2torch"]
        case .checkpoint: ["torch"]
        }
    }

    /// The settings as the Python side reads them.
    struct Settings: Encodable {
        let device: String
        let mode: String
        let capacity: Int
        let threads: Int
        var checkpoint: String?
        var architecture: String?
        var color: String?
        var mean: Double?
        var scale: Double?
    }

    var settings: Settings {
        var settings = Settings(device: device, mode: mode, capacity: capacity, threads: threads)
        if case .checkpoint(let path, let architecture, let color, let mean, let scale) = source {
            (settings.checkpoint, settings.architecture) = (path, architecture)
            (settings.color, settings.mean, settings.scale) = (color, mean, scale)
        }
        return settings
    }
}

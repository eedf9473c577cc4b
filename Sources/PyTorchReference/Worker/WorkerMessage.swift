/// The kinds of frames, as `channel.py` numbers them.
enum WorkerMessage {
    static let setup: UInt32 = 1
    static let examine: UInt32 = 2
    static let load: UInt32 = 3
    static let model: UInt32 = 4
    static let embed: UInt32 = 5

    static let hello: UInt32 = 101
    static let facts: UInt32 = 102
    static let ready: UInt32 = 103
    static let embeddings: UInt32 = 104
    static let failure: UInt32 = 105
}

/// What a Python says of itself before it imports anything.
struct PythonHello: Decodable, Sendable {
    let python: String
    let executable: String
    /// Those of `torch`, `onnx` and `onnx2torch` that are installed.
    let modules: [String]
}

/// What a Python has, with torch imported.
package struct PythonFacts: Decodable, Sendable {
    /// Python's version.
    package let python: String
    /// The interpreter, with links and version managers resolved.
    package let executable: String
    /// Those of `torch`, `onnx` and `onnx2torch` that are installed.
    package let modules: [String]
    /// torch's version.
    package let torch: String
    /// The CUDA that torch was built for, nil for a build without.
    package let cudaBuild: String?
    /// The GPUs that torch sees.
    package let gpus: [String]
    /// Whether torch can read checkpoints without running what is in them.
    package let weightsOnly: Bool
    /// Whether torch has `torch.compile`.
    package let compile: Bool
}

/// A network that is ready.
package struct LoadedNetwork: Decodable, Sendable, Equatable {
    /// Numbers an embedding, D.
    package let width: Int
    /// torch's version.
    package let torch: String
    /// The CUDA that torch was built for, nil for a build without.
    package let cuda: String?
    /// The GPU's name, or `CPU`.
    package let device: String
    /// The architecture of a checkpoint.
    package let architecture: String?
}

/// A failure as the Python side sends it.
struct WorkerFailure: Decodable {
    let code: String
    let what: String
    let mend: String?
}

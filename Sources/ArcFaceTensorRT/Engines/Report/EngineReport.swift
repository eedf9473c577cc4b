import EngineStore

/// What is known about an engine's file, and whether this machine can run it.
package struct EngineReport: Sendable {
    /// An input or output.
    package struct Tensor: Sendable, Encodable {
        package let name: String
        /// `input` or `output`.
        package let mode: String
        /// The elements' type, such as `uint8`.
        package let type: String
        /// The shape, -1 where it is open.
        package let shape: [Int]
    }

    /// The batches that one optimisation profile takes, and the one that it is tuned for.
    package struct Profile: Sendable, Encodable {
        package let min: Int
        package let opt: Int
        package let max: Int
    }

    /// A layer after fusion, as TensorRT's inspector tells it.
    package struct Layer: Sendable, Encodable {
        package let name: String
        /// TensorRT's kind of layer; empty if the inspector doesn't tell.
        package let type: String
        /// The number format of the first output, such as `fp16`; empty if the inspector doesn't tell.
        package let precision: String
    }

    /// Where `tensors` and `profiles` come from.
    package enum Source: String, Sendable, Encodable {
        /// The engine itself, loaded by its runtime.
        case engine
        /// The manifest's word.
        case manifest
    }

    /// The path as it was given.
    package let path: String
    /// The file's size.
    package let bytes: Int
    /// What the manifest says, in the order to show it; nil without a manifest.
    package let facts: [Fact]?
    /// The library that loaded the engine, or would have; nil if there is none here.
    package internal(set) var library: String?
    /// The GPU here; nil if there is none.
    package internal(set) var gpu: String?
    /// Inputs, then outputs; nil if nothing tells.
    package internal(set) var tensors: [Tensor]?
    /// All profiles, in their order; nil if nothing tells.
    package internal(set) var profiles: [Profile]?
    package internal(set) var source: Source?
    /// Device memory for the values inside, for each execution context; nil if the engine can't be loaded.
    package internal(set) var contextBytes: Int?
    /// Layers after fusion; nil if the engine can't be loaded.
    package internal(set) var layerCount: Int?
    /// The layers; nil if they weren't asked for or the engine can't be loaded.
    package internal(set) var layers: [Layer]?
    /// Why this machine can't run the engine; empty if it can.
    package internal(set) var obstacles: [String] = []
    /// What else a user should know.
    package internal(set) var warnings: [String] = []

    let manifest: EngineManifest?

    /// Whether this machine can run the engine.
    package var isRunnable: Bool { obstacles.isEmpty }

    /// A name and a text.
    package struct Fact: Sendable {
        package let name: String
        package let text: String
    }

    init(path: String, bytes: Int, manifest: EngineManifest?) {
        self.path = path
        self.bytes = bytes
        self.manifest = manifest
        facts = manifest.map(Self.facts)
    }
}

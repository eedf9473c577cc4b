package import Digests

/// Which engine is wanted: everything that a stored one has to agree with.
///
/// A digest or an option that is nil isn't asked about.
package struct EngineKey: Sendable, Equatable {
    /// The friendly name: model, precision, runtime, and the compute capability for runtimes whose plans are tied to one.
    package var name: EngineName
    /// The SHA-256 of the ONNX file as the user has it.
    package var onnx: Digest
    /// The SHA-256 of the prepared graph, which differs when the preparation changes.
    package var prepared: Digest?
    /// The digest of the faces that int8 is calibrated on.
    package var calibration: Digest?
    /// The runtime library's version here.
    package var version: EngineVersion
    /// The compute capability, times ten, of the GPU that shall run the engine; nil if there is none here.
    package var gpu: Int?
    /// The largest batch that the engine must take.
    package var largestBatch: Int
    /// How many streams must be able to run at the same time.
    package var streams: Int
    /// How pixels become the network's input.
    package var preprocessing: EnginePreprocessing
    /// What the builder is told.
    package var builder: EngineBuilderOptions?

    /// Names the wanted engine.
    ///
    /// - Parameters:
    ///   - name: the friendly name.
    ///   - onnx: the SHA-256 of the ONNX file as the user has it.
    ///   - prepared: the SHA-256 of the prepared graph.
    ///   - calibration: the digest of the calibration faces.
    ///   - version: the runtime library's version here.
    ///   - gpu: the GPU's compute capability times ten, if not the one in the name.
    ///   - largestBatch: the largest batch that the engine must take.
    ///   - streams: how many streams must be able to run at the same time.
    ///   - preprocessing: how pixels become the network's input.
    ///   - builder: what the builder is told.
    package init(
        name: EngineName, onnx: Digest, prepared: Digest? = nil, calibration: Digest? = nil, version: EngineVersion,
        gpu: Int? = nil, largestBatch: Int, streams: Int = 1, preprocessing: EnginePreprocessing,
        builder: EngineBuilderOptions? = nil
    ) {
        self.name = name
        self.onnx = onnx
        self.prepared = prepared
        self.calibration = calibration
        self.version = version
        self.gpu = gpu ?? name.target.sm
        self.largestBatch = largestBatch
        self.streams = streams
        self.preprocessing = preprocessing
        self.builder = builder
    }
}

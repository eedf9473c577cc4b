import Foundation

/// A network in a Python process with PyTorch: started once, kept warm, killed with this object or this process.
///
/// Safe to use from many threads; calls take turns.
package final class PyTorchReference: Sendable {
    /// uint8 [112, 112, 3].
    package static let bytesPerFace = 112 * 112 * 3

    /// What is loaded, where.
    package let network: LoadedNetwork
    /// The interpreter.
    package let python: String
    private let process: PythonProcess
    private let limit: Double

    /// The child's process number, for tests that look after it.
    package var processIdentifier: Int32 { process.identifier }

    /// Finds a Python that has what the network needs, starts it and loads the network.
    ///
    /// - Parameters:
    ///   - network: what to run.
    ///   - surroundings: where a Python is looked for.
    ///   - log: gets each line that Python writes to standard error, from another thread.
    /// - Throws: `PyTorchError`.
    package init(
        _ network: PyTorchNetwork, surroundings: PythonSurroundings = PythonSurroundings(),
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(PyTorchError) {
        process = try PythonSearch(surroundings: surroundings, log: log).process(having: network.modules)
        self.network = try process.load(network, limit: surroundings.loadLimit)
        python = process.python
        limit = surroundings.callLimit
    }

    /// How long the stages of a call took, in seconds, measured in the child: by CUDA events on a GPU.
    package struct Stages: Sendable {
        package let hostToDevice: Double
        package let compute: Double
        package let deviceToHost: Double
    }

    /// Embeds faces, blocking.
    ///
    /// - Parameters:
    ///   - pixels: uint8 [N, 112, 112, 3], BGR; N at most the network's capacity.
    ///   - output: float32 [N, D].
    /// - Returns: how long it took in the child.
    /// - Throws: `PyTorchError`; after `died` and `timedOut` each later call throws `died`.
    @discardableResult
    package func embed(
        _ pixels: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>
    ) throws(PyTorchError) -> Stages {
        let times = try process.embed(pixels, into: output, limit: limit)
        return Stages(hostToDevice: times.0, compute: times.1, deviceToHost: times.2)
    }

    deinit { process.end() }
}

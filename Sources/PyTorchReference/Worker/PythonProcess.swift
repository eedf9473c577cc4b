import Foundation
import Synchronization

/// A Python that runs our worker: one request at a time, from any thread.
final class PythonProcess: Sendable {
    /// The interpreter's path.
    let python: String
    /// What it said when it had started.
    let hello: PythonHello
    private let child: ChildProcess
    /// One request and its answer belong together.
    private let turn = Mutex(())

    private struct Setup: Encodable {
        let sources: [String: String]
        let packages: [String]
    }

    /// The child's process number.
    var identifier: Int32 { child.identifier }

    /// Starts the interpreter and waits for its hello.
    init(
        _ python: String, surroundings: PythonSurroundings, log: @escaping @Sendable (String) -> Void
    ) throws(PyTorchError) {
        self.python = python
        child = try ChildProcess(
            python, arguments: ["-c", WorkerSources.bootstrap], environment: surroundings.environment, log: log)
        let exchange = Exchange(child: child, python: python, limit: surroundings.helloLimit, task: "starting")
        try exchange.send(
            WorkerMessage.setup, Setup(sources: WorkerSources.modules, packages: surroundings.packages))
        hello = try exchange.receive(WorkerMessage.hello, PythonHello.self)
    }

    /// Imports torch and tells what it finds.
    func facts(limit: Double) throws(PyTorchError) -> PythonFacts {
        try taking(limit, task: "importing torch") { (exchange) throws(PyTorchError) in
            try exchange.send(WorkerMessage.examine, [String: String]())
            return try exchange.receive(WorkerMessage.facts, PythonFacts.self)
        }
    }

    /// Loads a network, which stays loaded.
    func load(_ network: PyTorchNetwork, limit: Double) throws(PyTorchError) -> LoadedNetwork {
        try taking(limit, task: "loading the network") { (exchange) throws(PyTorchError) in
            try exchange.send(WorkerMessage.load, network.settings)
            if case .graph(let bytes) = network.source {
                try exchange.send(WorkerMessage.model, bytes)
            }
            return try exchange.receive(WorkerMessage.ready, LoadedNetwork.self)
        }
    }

    /// Embeds a batch.
    ///
    /// - Returns: the seconds of copying to the device, computing, and copying back.
    func embed(
        _ pixels: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>, limit: Double
    ) throws(PyTorchError) -> (Double, Double, Double) {
        let faces = pixels.count / PyTorchReference.bytesPerFace
        return try taking(limit, task: "embedding \(faces) face\(faces == 1 ? "" : "s")") {
            (exchange) throws(PyTorchError) in
            try exchange.send(WorkerMessage.embed, pixels)
            return try exchange.receiveEmbeddings(output)
        }
    }

    /// Kills the process and waits for its end.
    func end() { child.kill() }

    private func taking<Value: Sendable>(
        _ limit: Double, task: String, _ body: (Exchange) throws(PyTorchError) -> Value
    ) throws(PyTorchError) -> Value {
        let result = turn.withLock { _ in
            Result { () throws(PyTorchError) in
                try body(Exchange(child: child, python: python, limit: limit, task: task))
            }
        }
        return try result.get()
    }
}

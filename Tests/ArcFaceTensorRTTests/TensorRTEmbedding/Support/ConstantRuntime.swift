import Dispatch
import FaceImages
import Synchronization

@testable import ArcFaceTensorRT

/// A runtime whose embeddings are the same number all over, which no engine of the doubles gives.
final class ConstantRuntime: EmbeddingRuntime {
    static let value: Float = -7

    let information: EmbedderInformation
    let concurrency = 2
    let maximumBatch = 3
    /// Each call waits for this, if there is one, after saying that it began.
    private let gate: Gate?

    init(width: Int = DoubleEngine.width, gate: Gate? = nil) {
        information = EmbedderInformation(
            backend: "constant", runtimeVersion: "1", device: "nothing", modelPath: "none", embeddingWidth: width,
            preprocessing: "none", precision: .fp32, repairs: [])
        self.gate = gate
    }

    func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) {
        guard count <= maximumBatch else { throw ArcFaceError(.invalidInput, "\(count) faces are too many") }
        gate?.pass()
        output.update(repeating: Self.value)
    }
}

/// Holds threads up until it is opened. Nobody waits for ever: a test that would hang fails.
final class Gate: Sendable {
    private let reached = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)
    private static var patience: DispatchTime { .now() + .seconds(300) }

    /// Waits until the gate is open; it stays so.
    func pass() {
        reached.signal()
        guard opened.wait(timeout: Self.patience) == .success else { return }
        opened.signal()
    }

    func open() { opened.signal() }

    /// Waits until somebody stands before the gate; whether anybody came.
    func isReached() -> Bool { reached.wait(timeout: Self.patience) == .success }
}

/// What was told, in order.
final class Told: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    var warnings: [String] { all.filter { $0.hasPrefix("warning: ") } }

    var report: @Sendable (EngineBuildJob.Event) -> Void {
        { [self] event in
            switch event {
            case .message(let text): lines.withLock { $0.append(text) }
            case .warning(let text): lines.withLock { $0.append("warning: \(text)") }
            case .progress: break
            }
        }
    }
}

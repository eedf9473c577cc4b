import FaceImages
import Synchronization
import Testing

@testable import ArcFaceTensorRT

@Suite("A comparison that is stopped") struct StoppedBatchesTests {
    /// Counts its calls.
    private final class Counting: EmbeddingRuntime {
        let calls = Mutex(0)
        let concurrency = 1
        let maximumBatch = 4
        let information = EmbedderInformation(
            backend: "test", runtimeVersion: "1", device: "none", modelPath: "none", embeddingWidth: 2,
            preprocessing: "none", precision: .fp32, repairs: [])

        func embed(
            _ pixels: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Float>
        ) throws(ArcFaceError) {
            calls.withLock { $0 += 1 }
            output.update(repeating: 1)
        }
    }

    private func faces(_ count: Int) throws -> FaceBatch {
        try FaceBatch(count: count, pixels: [UInt8](repeating: 7, count: count * FaceBatch.bytesPerFace))
    }

    @Test func `ends before the next batch`() throws {
        let runtime = Counting()
        let error = #expect(throws: ArcFaceError.self) {
            try runtime.rawEmbeddings(of: try faces(40), shouldStop: { runtime.calls.withLock { $0 == 3 } })
        }
        #expect(error?.code == .cancelled)
        #expect(runtime.calls.withLock { $0 } == 3)
    }

    @Test func `ends before the next slot`() throws {
        let runtime = Counting()
        let set = FaceSet(faces: try faces(32), names: [], label: "", failures: [])
        let error = #expect(throws: ArcFaceError.self) {
            try BatchInvariance(
                runtime, faces: set, precision: .fp32, shouldStop: { runtime.calls.withLock { $0 == 5 } })
        }
        #expect(error?.code == .cancelled)
        #expect(runtime.calls.withLock { $0 } == 5)
    }
}

import CUDADriver
import CUDAEngine
import Foundation
import Synchronization

/// A lane of our own engine: a stream, and scratch memory for one run.
final class CUDALane: BatchLane {
    let buckets: BatchBuckets
    let stream: CUDAStream
    var gpu: CUDAContext { engine.context }
    var width: Int { engine.plan.embeddingWidth }
    private let engine: ResidentEngine
    private let scratch: ScratchMemory
    /// For checks on a GPU: before each run its memory is filled with NaN (`ARCFACE_TEST_CUDA_POISON=1`).
    private let isPoisoned = ProcessInfo.processInfo.environment["ARCFACE_TEST_CUDA_POISON"] == "1"
    /// Held while a run is put on the stream: its steps must not mix with another's.
    private let lock = Mutex(())

    /// - Throws: `GPUFailure`, perhaps for want of memory.
    init(_ engine: ResidentEngine, buckets: BatchBuckets) throws(GPUFailure) {
        self.engine = engine
        self.buckets = buckets
        let stream = try GPUFailure.driver { () throws(CUDAError) in try CUDAStream(on: engine.context) }
        self.stream = stream
        scratch = try GPUFailure.driver { () throws(CUDAError) in
            try ScratchMemory(engine.plan, upTo: buckets.largest, on: stream)
        }
    }

    func prepare(_ bucket: Int, on slot: BatchBuffers) throws(GPUFailure) -> CUDAGraphExecutable? {
        try GPUFailure.driver { () throws(CUDAError) in
            let run = try engine.bind(
                bucket: bucket, scratch: scratch, faces: slot.faces, embeddings: slot.embeddings)
            return try lock.withLock { _ throws(CUDAError) in
                try run.enqueue(on: stream)
                try stream.synchronize()
                let graph = try stream.capture { () throws(CUDAError) in try run.enqueue(on: stream) }
                let executable = try graph.instantiate(keeping: run.owners)
                try executable.upload(on: stream)
                try stream.synchronize()
                return executable
            }
        }
    }

    func run(
        _ bucket: Int, on slot: BatchBuffers, graph: CUDAGraphExecutable?, timer: StageTimer?
    ) throws(GPUFailure) {
        try GPUFailure.driver { () throws(CUDAError) in
            try lock.withLock { _ throws(CUDAError) in
                try stream.wait(for: slot.uploaded)
                if isPoisoned {
                    try scratch.poison(on: stream)
                    try stream.fill(slot.embeddings, byteCount: slot.embeddings.byteCount, with: 0xFF)
                }
                try timer?.begin(.compute, on: stream)
                try graph?.launch(on: stream)
                try timer?.end(.compute, on: stream)
                try slot.computed.record(on: stream)
            }
        }
    }
}

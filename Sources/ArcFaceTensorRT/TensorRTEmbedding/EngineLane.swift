import CUDADriver
import Logging
import ONNXModel
import Synchronization
import TensorRT

/// A lane of TensorRT: a stream, and an execution context for each profile that it runs.
final class EngineLane: BatchLane {
    let engine: EngineOnGPU
    let buckets: BatchBuckets
    let stream: CUDAStream
    var gpu: CUDAContext { engine.gpu }
    var width: Int { engine.layout.width }
    /// By bucket; buckets may share one.
    private nonisolated(unsafe) var contexts: [ExecutionContext] = []
    /// Held while a run is put on the stream: its steps must not mix with another's.
    private let lock = Mutex(())

    /// Makes the stream and the contexts; each context's profile is chosen for good.
    ///
    /// - Parameters:
    ///   - engine: the loaded engine.
    ///   - buckets: what it shall run.
    ///   - number: which of the lanes this is, from 0.
    /// - Throws: `GPUFailure`, perhaps for want of memory.
    init(_ engine: EngineOnGPU, buckets: BatchBuckets, number: Int) throws(GPUFailure) {
        self.engine = engine
        self.buckets = buckets
        let stream = try GPUFailure.driver { () throws(CUDAError) in try CUDAStream(on: engine.gpu) }
        self.stream = stream
        contexts = try engine.gpu.withCurrent(wrapping: { GPUFailure($0) }) { () throws(GPUFailure) in
            var byProfile: [Int: ExecutionContext] = [:]
            for profile in buckets.profiles(ofLane: number) {
                let context = try engine.makeContext()
                try GPUFailure.tensorRT { () throws(TensorRTError) in
                    try context.selectProfile(profile, stream: stream.rawValue)
                }
                byProfile[profile] = context
            }
            try GPUFailure.driver { () throws(CUDAError) in try stream.synchronize() }
            return buckets.buckets.compactMap { byProfile[$0.profiles[number]] }
        }
    }

    deinit {
        do throws(CUDAError) {
            try engine.gpu.withCurrent { () throws(CUDAError) in contexts = [] }
        } catch {
            // The context is broken; the execution contexts go with the object all the same.
        }
    }

    /// How many execution contexts a lane of these buckets has.
    static func contextCount(_ buckets: BatchBuckets) -> Int { buckets.profiles(ofLane: 0).count }

    /// Runs a bucket on a slot's buffers once, to see that it works, and captures it as a graph if the bucket's shape never
    /// changes.
    ///
    /// - Returns: the graph; nil if the bucket is run without one.
    /// - Throws: `GPUFailure` if the run itself fails. A capture that fails costs speed alone: it is logged.
    func prepare(_ bucket: Int, on slot: BatchBuffers) throws(GPUFailure) -> CUDAGraphExecutable? {
        try withStream { () throws(GPUFailure) in
            // Outside a capture first: TensorRT does what a change of shape asks for at the run after it.
            try enqueue(bucket, on: slot)
            try GPUFailure.driver { () throws(CUDAError) in try stream.synchronize() }
            guard buckets.isAlone(bucket) else { return nil }
            do throws(GPUFailure) {
                let graph = try stream.capture(wrapping: { GPUFailure($0) }) { () throws(GPUFailure) in
                    try GPUFailure.tensorRT { () throws(TensorRTError) in
                        try contexts[bucket].enqueue(on: stream.rawValue)
                    }
                }
                return try GPUFailure.driver { () throws(CUDAError) in
                    try graph.instantiate(keeping: [slot.faces, slot.embeddings])
                }
            } catch {
                if error.isOutOfMemory || engine.gpu.lostError != nil { throw error }
                Logger(label: "tensorrt").warning(
                    "batches of \(buckets.buckets[bucket].size) run without a CUDA graph: \(error.error)")
                return nil
            }
        }
    }

    /// Puts a run on the stream: after the upload of the slot's faces, and marked for the download to wait for.
    func run(
        _ bucket: Int, on slot: BatchBuffers, graph: CUDAGraphExecutable?, timer: StageTimer?
    ) throws(GPUFailure) {
        try withStream { () throws(GPUFailure) in
            try GPUFailure.driver { () throws(CUDAError) in
                try stream.wait(for: slot.uploaded)
                try timer?.begin(.compute, on: stream)
            }
            if let graph {
                try GPUFailure.driver { () throws(CUDAError) in try graph.launch(on: stream) }
            } else {
                try enqueue(bucket, on: slot)
            }
            try GPUFailure.driver { () throws(CUDAError) in
                try timer?.end(.compute, on: stream)
                try slot.computed.record(on: stream)
            }
        }
    }

    private func withStream<Value: Sendable>(_ body: () throws(GPUFailure) -> Value) throws(GPUFailure) -> Value {
        try engine.gpu.withCurrent(wrapping: { GPUFailure($0) }) { () throws(GPUFailure) in
            try lock.withLock { _ throws(GPUFailure) in try body() }
        }
    }

    /// A run without a graph.
    private func enqueue(_ bucket: Int, on slot: BatchBuffers) throws(GPUFailure) {
        let context = contexts[bucket]
        let size = buckets.buckets[bucket].size
        let width = engine.layout.width
        try GPUFailure.tensorRT { () throws(TensorRTError) in
            try context.setInputShape(FaceModel.inputName, [size] + EngineLayout.faceShape)
            try context.requireShapes()
            let shape = try context.shape(of: FaceModel.outputName)
            guard shape == [size, width] else {
                throw TensorRTError(
                    .callFailed, "\(size) faces give \(shape), not [\(size), \(width)]", at: engine.name,
                    mend: "build the engine again")
            }
            try context.setAddress(slot.faces.pointer(), of: FaceModel.inputName)
            try context.setAddress(slot.embeddings.pointer(), of: FaceModel.outputName)
            try context.enqueue(on: stream.rawValue)
        }
    }
}

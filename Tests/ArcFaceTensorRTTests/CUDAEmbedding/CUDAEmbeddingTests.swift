import CUDAEngine
import FaceImages
import Foundation
import Testing

@testable import ArcFaceTensorRT

/// Loading and running engines of our own, on a double of the driver whose kernels compute on the CPU.
@Suite(
    "An engine of our own", .serialized,
    .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"))
struct CUDAEmbeddingTests {
    private static func machine(_ engine: CompiledEngine) throws -> DoubleGPU {
        let gpu = try DoubleGPU()
        try gpu.installKernels(engine.compiled)
        return gpu
    }

    private static func run(_ gpu: DoubleGPU, _ path: String, _ faces: [UInt8], devices: [Int] = [0]) throws -> [Float]
    {
        let arcface = try TensorRTArcFace(enginePath: path, devices: devices, search: gpu.search)
        return try arcface.runtime.rawEmbeddings(of: FaceBatch(count: faces.count / (112 * 112 * 3), pixels: faces))
    }

    @Test(arguments: [90])
    func `gives on every bucket, slot and GPU what its plan computes`(built: Int) throws {
        let engine = try CompiledEngine(built: built)
        let gpu = try Self.machine(engine)
        let path = try engine.store(in: gpu.folder)
        #expect(path.hasSuffix("tiny-fp16-sm90.cuda.plan"))
        let faces = CompiledEngine.faces(5)
        #expect(try Self.run(gpu, path, faces, devices: [0, 1]) == (try engine.embeddings(of: faces)))
        #expect(HostKernels.faults == [])
        #expect(try gpu.misuse() == "")
        #expect(try gpu.live() == 0)
    }

    @Test func `in float32 gives on every bucket and slot what its plan computes`() throws {
        let engine = try CompiledEngine(element: .float32)
        let gpu = try Self.machine(engine)
        let path = try engine.store(in: gpu.folder)
        #expect(path.hasSuffix("tiny-fp32-sm90.cuda.plan"))
        let faces = CompiledEngine.faces(5)
        let found = try Self.run(gpu, path, faces)
        #expect(found == (try engine.embeddings(of: faces)))
        #expect(found != (try CompiledEngine().embeddings(of: faces)))
        #expect(HostKernels.faults == [])
        #expect(try gpu.misuse() == "")
    }

    @Test func `whose memory is filled with NaN before each run computes the same`() throws {
        let engine = try CompiledEngine()
        let gpu = try Self.machine(engine)
        let path = try engine.store(in: gpu.folder)
        let faces = CompiledEngine.faces(5)
        let plain = try Self.run(gpu, path, faces)
        let fills = try gpu.driverCalls()["cuMemsetD8Async", default: 0]
        try gpu.resetDriver()
        setenv("ARCFACE_TEST_CUDA_POISON", "1", 1)
        defer { unsetenv("ARCFACE_TEST_CUDA_POISON") }
        #expect(try Self.run(gpu, path, faces) == plain)
        // In each of three runs at least the arena and the embeddings are filled.
        #expect(try gpu.driverCalls()["cuMemsetD8Async", default: 0] >= fills + 6)
    }

    @Test func `tells its backend, its batches and its memory`() throws {
        let engine = try CompiledEngine()
        let gpu = try Self.machine(engine)
        let arcface = try TensorRTArcFace(
            enginePath: try engine.store(in: gpu.folder), devices: [0], search: gpu.search)
        #expect(arcface.information.backend == "cuda")
        #expect(arcface.information.precision == .fp16)
        let runtime = try #require(arcface.runtime as? CUDAEmbedding)
        #expect(runtime.batchSizes == [1, 2])
        #expect(runtime.memory.weights == engine.compiled.weights.count)
        #expect(runtime.memory.scratch >= engine.compiled.plan.buckets[1].arenaByteCount)
    }

    @Test func `for another GPU is refused by its manifest, and by itself where the manifest lies`() throws {
        let engine = try CompiledEngine(built: 86)
        let gpu = try Self.machine(engine)
        let honest = #expect(throws: ArcFaceError.self) {
            try Self.run(gpu, try engine.store(in: gpu.folder), CompiledEngine.faces(1))
        }
        #expect(honest?.code == .modelUnusable)
        #expect(honest?.description.contains("sm_86") == true)
        let lying = #expect(throws: ArcFaceError.self) {
            try Self.run(gpu, try engine.store(in: gpu.folder, sm: 90), CompiledEngine.faces(1))
        }
        #expect(lying?.code == .modelUnusable)
        #expect(lying?.description.contains("compute capability 8.6") == true)
        #expect(try gpu.live() == 0)
    }

    @Test func `altered by a byte is refused, though its manifest fits it`() throws {
        let engine = try CompiledEngine()
        let gpu = try Self.machine(engine)
        var file = engine.file
        file[file.count / 2] ^= 1
        let error = #expect(throws: ArcFaceError.self) {
            try Self.run(gpu, try engine.store(in: gpu.folder, file: file), CompiledEngine.faces(1))
        }
        #expect(error?.code == .modelUnusable)
        #expect(error?.description.contains("damaged") == true)
    }

    @Test func `runs smaller batches where memory is short, and says how much the smallest needs`() throws {
        let engine = try CompiledEngine(batches: [1, 16])
        let gpu = try Self.machine(engine)
        let path = try engine.store(in: gpu.folder)
        let arena = engine.compiled.plan.buckets[1].arenaByteCount
        try gpu.set(memory: engine.compiled.weights.count + arena)
        do {
            let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
            #expect((arcface.runtime as? CUDAEmbedding)?.batchSizes == [1])
            #expect(arcface.warnings.contains { $0.contains("too little GPU memory for batches of 16") })
        }
        try gpu.set(memory: engine.compiled.weights.count + 1000)
        let error = #expect(throws: ArcFaceError.self) { try Self.run(gpu, path, CompiledEngine.faces(1)) }
        #expect(error?.description.contains("too little GPU memory even for batches of 1") == true)
    }

    @Test func `whose GPU is lost in mid-run fails with a name, and lets everything go`() throws {
        let engine = try CompiledEngine()
        let gpu = try Self.machine(engine)
        let faces = CompiledEngine.faces(3)
        let batch = try FaceBatch(count: 3, pixels: faces)
        do {
            let arcface = try TensorRTArcFace(
                enginePath: try engine.store(in: gpu.folder), devices: [0], search: gpu.search)
            try gpu.lose(with: 719)
            for _ in 0..<2 {
                let error = #expect(throws: ArcFaceError.self) { try arcface.runtime.rawEmbeddings(of: batch) }
                #expect(error?.code == .runtimeFailed)
                #expect(error?.description.contains("restart the process") == true)
            }
        }
        try gpu.resetDriver()
    }

    @Test func `tells of each call of the driver that fails, and leaves nothing behind`() throws {
        let engine = try CompiledEngine(batches: [1])
        let expected = try engine.embeddings(of: CompiledEngine.faces(1))
        func machine() throws -> (DoubleGPU, String) {
            let gpu = try Self.machine(engine)
            return (gpu, try engine.store(in: gpu.folder))
        }
        let (gpu, path) = try machine()
        #expect(try Self.run(gpu, path, CompiledEngine.faces(1)) == expected)
        let own = [
            "cuModuleLoadDataEx", "cuModuleGetFunction", "cuFuncSetAttribute", "cuTensorMapEncodeTiled",
            "cuLaunchKernelEx", "cuGraphInstantiateWithFlags", "cuStreamEndCapture", "cuMemAlloc_v2", "cuGraphLaunch",
        ]
        let calls = try gpu.driverCalls()
        for function in own {
            let count = try #require(calls[function], "\(function) is never called")
            for skipped in Set([0, count - 1]) {
                let (gpu, path) = try machine()
                try gpu.failDriver(function, after: skipped, with: 999)
                let error = #expect(throws: ArcFaceError.self, "\(function) after \(skipped)") {
                    try Self.run(gpu, path, CompiledEngine.faces(1))
                }
                #expect(error?.description.contains(function) == true, "\(function): \(error?.description ?? "")")
                #expect(try gpu.live() == 0, "\(function) after \(skipped)")
                #expect(try gpu.misuse() == "")
            }
        }
    }
}

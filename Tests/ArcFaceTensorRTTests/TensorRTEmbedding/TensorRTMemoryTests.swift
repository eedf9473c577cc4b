import CUDADriver
import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite(
    "With little GPU memory TensorRT's engine",
    .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"))
struct TensorRTMemoryTests {
    /// Bytes of a slot's buffers for batches of a size.
    private static func slot(_ size: Int) -> Int { size * (37_632 + 16 * 4) }

    @Test(arguments: [
        (2, 12, 4 * slot(12)), (1, 12, 4 * slot(12) - 1), (1, 12, 2 * slot(12)), (1, 4, 2 * slot(12) - 1),
        (1, 1, 2 * slot(4) - 1), (1, 1, 2 * slot(1)),
    ])
    func `takes fewer lanes, then smaller batches, and says so`(lanes: Int, largest: Int, memory: Int) throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine().store(in: gpu.folder)
        try gpu.set(memory: memory)
        do {
            let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
            #expect(arcface.laneCount == lanes)
            #expect(arcface.batchSizes.last == largest)
            #expect(arcface.warnings.count == (lanes == 2 ? 0 : 1))
            if let warning = arcface.warnings.first {
                #expect(warning.contains("batches of 12 on 2 streams"))
                #expect(warning.contains("using batches of \(largest) on 1 stream"))
            }
            let faces = SparseFace.several(14)
            #expect(
                try arcface.runtime.rawEmbeddings(of: try SparseFace.batch(faces)) == faces.flatMap(\.embedding))
        }
        #expect(try gpu.live() == 0)
        #expect(try gpu.misuse() == "")
    }

    @Test func `says how many bytes the smallest batch needs if there is no room for it`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine().store(in: gpu.folder)
        try gpu.set(memory: 50_000)
        let error = #expect(throws: ArcFaceError.self) {
            try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        }
        #expect(error?.code == .runtimeFailed)
        let text = error?.description ?? ""
        for part in ["GPU 0 (Fake GPU A)", "batches of 1", "KiB of GPU memory", "are free", "--max-batch-size"] {
            #expect(text.contains(part), "\(part) in: \(text)")
        }
        #expect(try gpu.live() == 0)
    }

    /// What is told of an engine for which the GPU's memory isn't enough, and who holds it.
    private func refusal(_ gpu: DoubleGPU, memory: Int) throws -> (text: String, holders: String) {
        let path = try DoubleEngine().store(in: gpu.folder)
        try gpu.set(memory: memory)
        let error = #expect(throws: ArcFaceError.self) {
            try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        }
        return (error?.description ?? "", try holders(gpu))
    }

    private func holders(_ gpu: DoubleGPU) throws -> String {
        let driver = try gpu.search.openDriver()
        return try CUDAContext(on: try driver.device(0), of: driver).memoryHolders().map(\.description)
            .joined(separator: ", ")
    }

    @Test func `names what was tried, and the processes that hold the GPU if NVML tells`() throws {
        let (text, holders) = try refusal(try DoubleGPU(hasNVML: true), memory: 50_000)
        #expect(holders.contains("a process (pid 2147483633, 5.0 GiB)") && holders.contains("(pid 1, 2.0 GiB)"))
        for part in [
            "GPU 0 (Fake GPU A)", "too little GPU memory even for batches of 1, which need ", "(weights ",
            "tried before: batches of 12 on 2 streams, batches of 12 on 1 stream, batches of 4 on 1 stream",
        ] {
            #expect(text.contains(part), "\(part) in: \(text)")
        }
        #expect(text.components(separatedBy: holders).count == 2, "named once: \(text)")
        let (bare, nobody) = try refusal(try DoubleGPU(), memory: 50_000)
        #expect(nobody.isEmpty)
        #expect(bare == text.replacing(", held by \(holders)", with: ""))
    }

    @Test func `names them beside what it makes do with, too`() throws {
        for hasNVML in [true, false] {
            let gpu = try DoubleGPU(hasNVML: hasNVML)
            let path = try DoubleEngine().store(in: gpu.folder)
            let need = ByteSize(
                try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search).deviceByteCount)
            try gpu.set(memory: 2 * Self.slot(12) - 1)
            let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
            let held = hasNVML ? "; the GPU's memory is held by \(try holders(gpu))" : ""
            #expect(try holders(gpu).isEmpty != hasNVML)
            #expect(
                arcface.warnings == [
                    "GPU 0 (Fake GPU A): too little GPU memory for batches of 12 on 2 streams, which need \(need)"
                        + "\(held): using batches of 4 on 1 stream"
                ])
        }
    }

    @Test func `names them where TensorRT itself has no room`() throws {
        for hasNVML in [true, false] {
            let gpu = try DoubleGPU(hasNVML: hasNVML)
            let path = try DoubleEngine(profiles: [[1, 1, 1]]).store(in: gpu.folder)
            let held = hasNVML ? "; the GPU's memory is held by \(try holders(gpu)): " : ": "
            var seen: [String] = []
            for call in 1...200 where seen.count < 2 {
                try gpu.failTensorRT(at: call, how: 3)
                let outcome = Result { try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search) }
                let failed = try gpu.failedMethod()
                guard ["deserializeCudaEngine", "createExecutionContext"].contains(failed) else { continue }
                seen.append(failed)
                let text = #expect(throws: ArcFaceError.self) { try outcome.get() }?.description ?? ""
                let isEngine = failed == "deserializeCudaEngine"
                let what = isEngine ? "for the engine itself, " : "even for batches of 1, which need "
                #expect(text.contains("too little GPU memory \(what)") && text.contains(failed), "\(text)")
                #expect(text.contains("\(held)/") && text.contains("held by") == hasNVML, "\(text)")
                #expect(text.contains("nvidia-smi"), "\(text)")
            }
            #expect(seen == ["deserializeCudaEngine", "createExecutionContext"])
            #expect(try gpu.live() == 0)
        }
    }

    @Test func `of several GPUs names the one that is full, and its processes`() throws {
        let gpu = try DoubleGPU(hasNVML: true)
        let path = try DoubleEngine(profiles: [[1, 1, 1]]).store(in: gpu.folder)
        var texts: [String] = []
        for call in 1...200 where texts.count < 2 {
            try gpu.failTensorRT(at: call, how: 3)
            let outcome = Result { try TensorRTArcFace(enginePath: path, devices: [0, 1], search: gpu.search) }
            guard try gpu.failedMethod() == "createExecutionContext" else { continue }
            texts.append(#expect(throws: ArcFaceError.self) { try outcome.get() }?.description ?? "")
        }
        try #require(texts.count == 2)
        // NVML's double knows processes of the first GPU alone.
        #expect(texts[0].hasPrefix("GPU 0 (Fake GPU A): ") && texts[0].contains("held by"), "\(texts[0])")
        #expect(texts[1].hasPrefix("GPU 1 (Fake GPU B): ") && !texts[1].contains("held by"), "\(texts[1])")
    }

    @Test func `tries less when there is no room for pinned memory`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine().store(in: gpu.folder)
        try gpu.failDriver("cuMemHostAlloc", after: 3, with: 2)
        let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        #expect(arcface.laneCount == 1)
        #expect(arcface.warnings.count == 1)
        #expect(
            arcface.warnings.first?.contains("too little pinned host memory for batches of 12 on 2 streams") == true)
    }

    @Test func `tries less when TensorRT has no room for a context`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine(profiles: [[1, 1, 1], [1, 2, 2], [1, 1, 1], [1, 2, 2]]).store(in: gpu.folder)
        var seen = 0
        for call in 1...200 where seen < 4 {
            try gpu.failTensorRT(at: call, how: 3)
            let outcome = Result { try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search) }
            let failed = try gpu.failedMethod()
            if failed == "deserializeCudaEngine" {
                let error = #expect(throws: ArcFaceError.self) { try outcome.get() }
                #expect(error?.description.contains("smaller maximum batch") == true)
            }
            guard failed == "createExecutionContext" else { continue }
            seen += 1
            let arcface = try outcome.get()
            #expect(arcface.laneCount == 1)
            #expect(arcface.batchSizes == [1, 2])
            #expect(arcface.warnings.count == 1)
            let faces = SparseFace.several(3)
            #expect(
                try arcface.runtime.rawEmbeddings(of: try SparseFace.batch(faces)) == faces.flatMap(\.embedding))
        }
        // Two contexts in each of the two lanes.
        #expect(seen == 4)
        #expect(try gpu.live() == 0)
    }
}

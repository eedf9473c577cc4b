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

    @Test func `tries less when there is no room for pinned memory`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine().store(in: gpu.folder)
        try gpu.failDriver("cuMemHostAlloc", after: 3, with: 2)
        let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        #expect(arcface.laneCount == 1)
        #expect(arcface.warnings.count == 1)
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

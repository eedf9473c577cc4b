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
            #expect(arcface.runtime.laneCount == lanes)
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

    @Test func `tries less when it is TensorRT that has no room`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine().store(in: gpu.folder)
        // The driver's own call for the engine's memory isn't seen, so the pinned memory stands in for another cause.
        try gpu.failDriver("cuMemHostAlloc", after: 3, with: 2)
        let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        #expect(arcface.runtime.laneCount == 1)
        #expect(arcface.warnings.count == 1)
    }
}

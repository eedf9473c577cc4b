import FaceImages
import Testing

@testable import ArcFaceTensorRT

/// In which order the driver is called, on a double whose GPU computes only what somebody waits for.
@Suite(
    "While batches are computed", .serialized,
    .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"))
struct OverlapTests {
    /// How many runs the GPU had its orders for, faces included, each time that somebody waited for it.
    private static func runsAtWaits(_ log: [String]) -> [Int] {
        var (launched, waits): (Int, [Int]) = (0, [])
        for call in log {
            if call == "cuGraphLaunch" { launched += 1 }
            if call == "cuEventSynchronize" { waits.append(launched) }
        }
        return waits
    }

    private static func embed(
        _ faces: FaceBatch, with runtime: any DissectedRuntime, along path: BatchPath = .host
    ) throws -> [Float] {
        var rows = [Float](repeating: .nan, count: faces.count * runtime.information.embeddingWidth)
        try rows.withUnsafeMutableBufferPointer { rows in
            try faces.withUnsafeBytes { pixels in
                try runtime.embed(pixels, count: faces.count, into: rows, along: path)
            }
        }
        return rows
    }

    @Test func `of TensorRT, the next is on the GPU before anybody waits for the last, in a call of all`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine(profiles: [[4, 4, 4]]).store(in: gpu.folder)
        let runtime = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search).runtime
        #expect(runtime.concurrency == 2)
        // Eight for each of two slots: what happens at a call's ends, where nothing overlaps, hardly matters.
        #expect(runtime.maximumBatch == 64)
        let faces = SparseFace.several(64)
        try gpu.resetDriver()
        #expect(try runtime.rawEmbeddings(of: SparseFace.batch(faces)) == faces.flatMap(\.embedding))
        #expect(try Self.runsAtWaits(gpu.driverLog()) == (0..<16).map { min($0 + 2, 16) })
    }

    @Test func `of our own engine, two more are on the GPU before anybody waits for the last`() throws {
        let engine = try CompiledEngine(batches: [1])
        let gpu = try DoubleGPU()
        try gpu.installKernels(engine.compiled)
        let runtime = try TensorRTArcFace(
            enginePath: try engine.store(in: gpu.folder), devices: [0], search: gpu.search
        ).runtime
        #expect(runtime.concurrency == 3)
        #expect(runtime.maximumBatch == 24)
        try gpu.resetDriver()
        _ = try runtime.rawEmbeddings(of: FaceBatch(count: 6, pixels: CompiledEngine.faces(6)))
        #expect(try Self.runsAtWaits(gpu.driverLog()) == [3, 4, 5, 6, 6, 6])
    }

    @Test func `each GPU has as many on their way`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine(profiles: [[4, 4, 4]]).store(in: gpu.folder)
        let runtime = try TensorRTArcFace(enginePath: path, devices: [0, 1], search: gpu.search).runtime
        let faces = SparseFace.several(64)
        try gpu.resetDriver()
        #expect(try runtime.rawEmbeddings(of: SparseFace.batch(faces)) == faces.flatMap(\.embedding))
        #expect(try Self.runsAtWaits(gpu.driverLog()) == (0..<16).map { min($0 + 4, 16) })
    }

    @Test func `a large one goes to the GPU part by part, and each part that fails is told`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine(profiles: [[96, 96, 96]]).store(in: gpu.folder)
        let runtime = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search).runtime
        let faces = SparseFace.several(96)
        let batch = try SparseFace.batch(faces)
        try gpu.resetDriver()
        #expect(try runtime.rawEmbeddings(of: batch) == faces.flatMap(\.embedding))
        let parts = (96 * FaceBatch.bytesPerFace + StagedCopy.chunkByteCount - 1) / StagedCopy.chunkByteCount
        #expect(parts == 7)
        #expect(try gpu.driverCalls()["cuMemcpyHtoDAsync_v2"] == parts)
        for skipped in 0..<parts {
            try gpu.failDriver("cuMemcpyHtoDAsync_v2", after: skipped, with: 999)
            let error = #expect(throws: ArcFaceError.self) { try runtime.rawEmbeddings(of: batch) }
            #expect(error?.description.contains("cuMemcpyHtoDAsync_v2") == true)
            #expect(try runtime.rawEmbeddings(of: batch) == faces.flatMap(\.embedding))
        }
        #expect(try gpu.misuse() == "")
    }

    @Test(arguments: [(BatchPath.device, 0), (.pinned, 3), (.host, 3)])
    func `a part of their way can be left out, to measure the rest`(path: BatchPath, copies: Int) throws {
        let gpu = try DoubleGPU()
        let engine = try DoubleEngine(profiles: [[4, 4, 4]]).store(in: gpu.folder)
        let runtime = try #require(
            try TensorRTArcFace(enginePath: engine, devices: [0], search: gpu.search).runtime
                as? any DissectedRuntime)
        let faces = SparseFace.several(12)
        try gpu.resetDriver()
        let rows = try Self.embed(try SparseFace.batch(faces), with: runtime, along: path)
        let calls = try gpu.driverCalls()
        #expect(calls["cuGraphLaunch"] == 3)
        #expect(calls["cuEventSynchronize"] == 3)
        #expect(calls["cuMemcpyHtoDAsync_v2"] ?? 0 == copies)
        #expect(calls["cuMemcpyDtoHAsync_v2"] ?? 0 == copies)
        if path == .host {
            #expect(rows == faces.flatMap(\.embedding))
        } else {
            #expect(rows.allSatisfy { $0.isNaN })
        }
        // Whatever was measured, the next faces are embedded as ever.
        #expect(try Self.embed(try SparseFace.batch(faces), with: runtime) == faces.flatMap(\.embedding))
        #expect(try gpu.misuse() == "")
    }
}

import EngineStore
import FaceImages
import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite("TensorRT's engine", .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"))
struct TensorRTEmbeddingTests {
    /// The raw embeddings of an engine loaded from a path.
    private func embed(_ faces: [SparseFace], in arcface: TensorRTArcFace) throws -> [Float] {
        try arcface.runtime.rawEmbeddings(of: SparseFace.batch(faces))
    }

    @Test(arguments: DoubleKind.all)
    func `computes each face of batches of any size`(kind: DoubleKind) async throws {
        let gpu = try DoubleGPU(kind)
        let path = try DoubleEngine(kind: kind).store(in: gpu.folder)
        do {
            let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
            #expect(arcface.warnings.isEmpty)
            #expect(arcface.batchSizes == [1, 4, 12])
            #expect(arcface.laneCount == 2)
            #expect(arcface.runsGraphs == true)
            #expect(arcface.information.backend == (kind.isRTX ? "tensorrt-rtx" : "tensorrt"))
            #expect(arcface.information.device == "GPU 0 (Fake GPU A)")
            #expect(arcface.information.embeddingWidth == 16)
            #expect(arcface.information.precision == .fp16)
            for count in [1, 2, 4, 5, 11, 12, 13, 29] {
                let faces = SparseFace.several(count, seed: count)
                #expect(try embed(faces, in: arcface) == faces.flatMap(\.embedding), "\(count) faces")
            }
            let faces = SparseFace.several(3)
            let embeddings = try await arcface.embed(try SparseFace.batch(faces))
            #expect(embeddings == EmbeddingBatch(raw: faces.flatMap(\.embedding), width: 16))
            #expect(try await arcface.embed(FaceBatch()).count == 0)
        }
        #expect(try gpu.misuse() == "")
        #expect(try gpu.live() == 0)
    }

    @Test func `runs each bucket once, captures it, and replays the graph ever after`() throws {
        let gpu = try DoubleGPU()
        let arcface = try TensorRTArcFace(
            enginePath: try DoubleEngine().store(in: gpu.folder), devices: [0], search: gpu.search)
        // Two lanes with two slots each: a run and a capture for each of three buckets.
        let atStart = try gpu.enqueued()
        #expect(atStart.map(\.faces).sorted() == [1, 4, 12].flatMap { Array(repeating: $0, count: 8) })
        #expect(Set(atStart.map(\.stream)).count == 2)
        #expect(try gpu.live("executable") == 12)
        #expect(try gpu.live("graph") == 0)
        try gpu.resetDriver()
        for count in [1, 3, 12, 16] { _ = try embed(SparseFace.several(count), in: arcface) }
        #expect(try gpu.enqueued().count == atStart.count)
        // 1, 4, 12, and 12 + 4.
        #expect(try gpu.driverCalls()["cuGraphLaunch"] == 5)
        #expect(try gpu.driverCalls()["cuMemAlloc_v2"] == nil)
        #expect(try gpu.driverCalls()["cuMemHostAlloc"] == nil)
    }

    @Test func `tells copying from computing, by events around each piece, and gives the same embeddings`() throws {
        let gpu = try DoubleGPU()
        do {
            let arcface = try TensorRTArcFace(
                enginePath: try DoubleEngine().store(in: gpu.folder), devices: [0], search: gpu.search)
            let runtime = try #require(arcface.runtime as? any StageTimedRuntime)
            try gpu.resetDriver()
            let faces = SparseFace.several(16)
            var raw = [Float](repeating: .nan, count: faces.count * 16)
            let times = try raw.withUnsafeMutableBufferPointer { rows in
                try SparseFace.batch(faces).withUnsafeBytes { pixels in
                    try runtime.embedTimed(pixels, count: faces.count, into: rows)
                }
            }
            #expect(raw == faces.flatMap(\.embedding))
            #expect(times.hostToDevice > .zero && times.compute > .zero && times.deviceToHost > .zero)
            #expect(times.staging > .zero && times.collecting > .zero)
            // 12 + 4 faces: three stages of each.
            #expect(try gpu.driverCalls()["cuEventElapsedTime"] == 6)
        }
        #expect(try gpu.misuse() == "")
        #expect(try gpu.live() == 0)
    }

    @Test func `an engine with one profile runs it at several sizes, without graphs where the shape changes`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine(profiles: [[1, 4, 12]]).store(in: gpu.folder)
        let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        #expect(arcface.batchSizes == [1, 4, 12])
        #expect(arcface.laneCount == 1)
        #expect(arcface.runsGraphs == false)
        for count in [12, 1, 4, 1, 13] {
            let faces = SparseFace.several(count, seed: count)
            #expect(try embed(faces, in: arcface) == faces.flatMap(\.embedding), "\(count) faces")
        }
        #expect(try gpu.live("executable") == 0)
        #expect(try gpu.misuse() == "")
    }

    @Test func `many tasks at once each get their own faces back`() async throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine().store(in: gpu.folder)
        do {
            let arcface = try TensorRTArcFace(enginePath: path, devices: [0, 1], search: gpu.search)
            #expect(arcface.runtime.concurrency == 8)
            let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
                for task in 0..<40 {
                    group.addTask {
                        let faces = SparseFace.several(task % 7 == 0 ? 30 : task % 9 + 1, seed: task)
                        let expected = EmbeddingBatch(raw: faces.flatMap(\.embedding), width: 16)
                        return try await arcface.embed(try SparseFace.batch(faces)) != expected
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wrong == 0)
        }
        #expect(try gpu.misuse() == "")
        // The last task may be done before the thread that worked for it has let go.
        for _ in 0..<500 where try gpu.live() > 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try gpu.live() == 0)
    }

    @Test func `several GPUs share the work, each with lanes of its own`() throws {
        let gpu = try DoubleGPU()
        let path = try DoubleEngine().store(in: gpu.folder)
        let arcface = try TensorRTArcFace(enginePath: path, devices: [1, 0], search: gpu.search)
        #expect(arcface.information.device == "GPU 1 (Fake GPU B), GPU 0 (Fake GPU A)")
        #expect(Set(try gpu.enqueued().map(\.stream)).count == 4)
        let one = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        #expect(arcface.deviceByteCount == 2 * one.deviceByteCount)
        let faces = SparseFace.several(60)
        #expect(try embed(faces, in: arcface) == faces.flatMap(\.embedding))
        for wrong in [[], [0, 0], [2], [-1]] {
            #expect(throws: ArcFaceError.self) {
                try TensorRTArcFace(enginePath: path, devices: wrong, search: gpu.search)
            }
        }
    }

    @Test func `says how much memory it holds`() throws {
        let gpu = try DoubleGPU()
        let engine = DoubleEngine()
        let arcface = try TensorRTArcFace(
            enginePath: try engine.store(in: gpu.folder), devices: [0], search: gpu.search)
        let slot = 12 * (37_632 + 16 * 4)
        #expect(arcface.pinnedByteCount == 4 * slot)
        // Three contexts of 4096 bytes in each of two lanes.
        #expect(arcface.deviceByteCount == engine.plan.count + 6 * 4096 + 4 * slot)
        #expect(try gpu.live("device") == 8)
        #expect(try gpu.live("pinned") == 8)
    }
}

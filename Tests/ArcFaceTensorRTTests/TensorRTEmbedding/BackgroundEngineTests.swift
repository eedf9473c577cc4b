import EngineStore
import FaceImages
import Foundation
import Synchronization
import Testing

@testable import ArcFaceTensorRT

@Suite(
    "An engine that is built in the background",
    .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"))
struct BackgroundEngineTests {
    /// Builds the double's engine once the gate opens.
    private func background(
        _ gpu: DoubleGPU, fallback: ConstantRuntime = ConstantRuntime(), gate: Gate, told: Told = Told()
    ) throws -> BackgroundEngine {
        let path = try DoubleEngine().store(in: gpu.folder)
        return BackgroundEngine(fallback: fallback, report: told.report) { (_) throws(ArcFaceError) in
            gate.pass()
            return try EngineLoading(devices: [0], search: gpu.search).embedding(enginePath: path, trust: .anyone)
        }
    }

    /// Waits for the build's end.
    private func ready(_ engine: BackgroundEngine) async throws {
        for _ in 0..<6000 where engine.serving is ConstantRuntime && engine.warnings.isEmpty {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private static func constant(_ count: Int) -> [Float] {
        Array(repeating: ConstantRuntime.value, count: count * DoubleEngine.width)
    }

    @Test func `takes over when it is ready, and counts whose faces were whose`() async throws {
        let gpu = try DoubleGPU()
        let gate = Gate(), told = Told()
        let engine = try background(gpu, gate: gate, told: told)
        let faces = SparseFace.several(29)
        #expect(try engine.rawEmbeddings(of: SparseFace.batch(faces)) == Self.constant(29))
        #expect(engine.information.backend == "constant")
        gate.open()
        try await ready(engine)
        #expect(engine.information.backend == "tensorrt")
        #expect(try engine.rawEmbeddings(of: SparseFace.batch(faces)) == faces.flatMap(\.embedding))
        #expect(
            engine.faces == [
                BackendFaces(backend: "constant", faces: 29), BackendFaces(backend: "tensorrt", faces: 29),
            ])
        #expect(engine.warnings.isEmpty)
        #expect(told.all.first == "constant on nothing embeds while the engine is built")
        #expect(told.all.last?.hasPrefix("the engine is ready: tensorrt 10.3.0 on GPU 0") == true)
    }

    @Test func `many tasks that embed during the change each get one runtime's rows`() async throws {
        let gpu = try DoubleGPU()
        let gate = Gate()
        let engine = try background(gpu, gate: gate)
        let embedder = ArcFaceEmbedder(runtime: engine, warnings: [])
        let counts = try await withThrowingTaskGroup(of: (own: Int, engine: Int).self) { group in
            for task in 0..<16 {
                group.addTask {
                    let faces = SparseFace.several(task % 3 == 0 ? 31 : task + 1, seed: task)
                    let batch = try SparseFace.batch(faces)
                    let computed = EmbeddingBatch(raw: faces.flatMap(\.embedding), width: DoubleEngine.width)
                    let held = EmbeddingBatch(raw: Self.constant(faces.count), width: DoubleEngine.width)
                    var (own, engines, rounds) = (0, 0, 0)
                    // Some rounds before the change, some after.
                    while engines < 3, rounds < 100_000 {
                        rounds += 1
                        if rounds == 5, task == 0 { gate.open() }
                        let rows = try await embedder.embed(batch)
                        if rows == computed { engines += 1 } else if rows == held { own += 1 } else { return (-1, 0) }
                    }
                    return (own, engines)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.allSatisfy { $0.own >= 0 && $0.engine == 3 }, "\(counts)")
        #expect(counts.contains { $0.own > 0 })
        #expect(try gpu.misuse() == "")
    }

    @Test func `lets a call in flight end where it began, and frees the other runtime then`() async throws {
        let gpu = try DoubleGPU()
        let gate = Gate(), call = Gate()
        let fallback = Mutex<ConstantRuntime?>(ConstantRuntime(gate: call))
        weak let released = fallback.withLock { $0 }
        let engine = try background(
            gpu, fallback: try #require(fallback.withLock { $0.take() }), gate: gate)
        let batch = try SparseFace.batch(SparseFace.several(7))
        async let running = onThread { try engine.rawEmbeddings(of: batch) }
        #expect(try await onThread { call.isReached() })
        gate.open()
        try await ready(engine)
        #expect(engine.information.backend == "tensorrt")
        #expect(released != nil)
        call.open()
        #expect(try await running == Self.constant(7))
        for _ in 0..<500 where released != nil { try await Task.sleep(for: .milliseconds(10)) }
        #expect(released == nil)
    }

    @Test func `that can't be built leaves the other one serving, with one warning that says why`() async throws {
        let told = Told()
        let engine = BackgroundEngine(fallback: ConstantRuntime(), report: told.report) { (_) throws(ArcFaceError) in
            throw ArcFaceError(.runtimeFailed, "the builder broke", mend: "mend it")
        }
        let embedder = ArcFaceEmbedder(runtime: engine, warnings: ["another"])
        try await ready(engine)
        #expect(engine.warnings == ["no engine was built, so constant goes on embedding: the builder broke (mend it)"])
        #expect(embedder.warnings == ["another"] + engine.warnings)
        #expect(told.warnings.count == 1)
        let batch = try SparseFace.batch(SparseFace.several(5))
        #expect(try await embedder.embed(batch) == EmbeddingBatch(raw: Self.constant(5), width: DoubleEngine.width))
        #expect(embedder.information.backend == "constant")
    }

    @Test func `of another width is not taken`() async throws {
        let gpu = try DoubleGPU()
        let gate = Gate()
        gate.open()
        let engine = try background(gpu, fallback: ConstantRuntime(width: 8), gate: gate)
        try await ready(engine)
        #expect(engine.information.backend == "constant")
        #expect(engine.warnings.first?.contains("gives 16 numbers a face, the model 8") == true)
    }

    @Test func `is given up when nobody holds the embedder any more`() async throws {
        let began = Gate(), told = Told()
        let ended = DispatchSemaphore(value: 0)
        began.open()
        var embedder: ArcFaceEmbedder? = ArcFaceEmbedder(
            runtime: BackgroundEngine(fallback: ConstantRuntime(), report: told.report) {
                (shouldStop) throws(ArcFaceError) in
                began.pass()
                for _ in 0..<600_000 where !shouldStop() { usleep(1000) }
                if shouldStop() { ended.signal() }
                throw ArcFaceError(.unavailable, "the build was stopped")
            }, warnings: [])
        #expect(try await onThread { began.isReached() })
        #expect(embedder?.information.backend == "constant")
        embedder = nil
        #expect(try await onThread { Self.isSignalled(ended) })
        #expect(told.warnings.isEmpty)
    }

    private static func isSignalled(_ semaphore: DispatchSemaphore) -> Bool {
        semaphore.wait(timeout: .now() + .seconds(500)) == .success
    }
}

import CUDADriver
import Digests
import EngineStore
import FaceImages
import Foundation
import ONNXModel
import Synchronization
import Testing

@testable import ArcFaceTensorRT

/// What `embedding.auto_build` comes to where a GPU and a TensorRT are there, and no engine.
@Suite(
    "Auto-build", .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"),
    .enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"))
struct AutoBuildTests {
    private func configuration(
        _ gpu: DoubleGPU, _ mode: AutoBuild, _ backend: Backend = .tensorRT
    ) -> ArcFaceConfiguration {
        var configuration = TestFiles.configuration
        configuration.embedding.backend = backend
        configuration.embedding.autoBuild = mode
        configuration.tensorRT.onnxPath = TestFiles.sface
        configuration.tensorRT.modelName = "model"
        configuration.tensorRT.maxBatchSize = 12
        configuration.tensorRT.engineLocalDirectory = gpu.folder.path
        return configuration
    }

    /// Puts the engine there that the configuration asks for, as wide as the model's embeddings.
    private func store(_ gpu: DoubleGPU) throws(ArcFaceError) {
        do {
            var engine = DoubleEngine(kind: gpu.kind)
            engine.onnx = try Digest.of(file: TestFiles.sface)
            engine.embeddingWidth = 128
            let preprocessing = try FaceModel.prepare(path: TestFiles.sface, preprocessing: nil, target: .portable)
                .preprocessing
            engine.change = { $0.preprocessing = EnginePreprocessing(preprocessing) }
            _ = try engine.store(in: gpu.folder)
        } catch {
            throw ArcFaceError(.unavailable, "\(error)")
        }
    }

    /// Engines that are built once the gate opens.
    private func engines(_ gpu: DoubleGPU, _ gate: Gate, builds: Counter = Counter(), told: Told = Told())
        -> BuiltEngines
    {
        BuiltEngines(report: told.report) { [self] (_, _) throws(ArcFaceError) in
            builds.add()
            gate.pass()
            try store(gpu)
        }
    }

    private final class Counter: Sendable {
        private let number = Mutex(0)
        var value: Int { number.withLock { $0 } }
        func add() { number.withLock { $0 += 1 } }
    }

    @Test(arguments: [Backend.tensorRT, .auto])
    func `in the background ONNX Runtime embeds until the engine is there`(backend: Backend) async throws {
        let gpu = try DoubleGPU()
        let gate = Gate(), builds = Counter(), told = Told()
        let choice = try BackendChoice(
            configuration: configuration(gpu, .background, backend), threading: .latency, search: gpu.search,
            engines: engines(gpu, gate, builds: builds, told: told))
        #expect(choice.runtime.information.backend == "onnxruntime")
        #expect(choice.warnings.isEmpty)
        let faces = try TestFiles.faces(count: 2)
        let before = try choice.runtime.embeddings(of: faces)
        #expect(before.cosine(0, 1) < 0.4)
        gate.open()
        for _ in 0..<6000 where choice.runtime.information.backend == "onnxruntime" {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(choice.runtime.information.backend == "tensorrt")
        #expect(try choice.runtime.embeddings(of: faces).width == before.width)
        #expect(told.all.contains { $0.hasPrefix("auto-build: ") && $0.contains("model-fp16-sm90.plan") })
        #expect(told.warnings.isEmpty)

        // The next one finds it, and runs it from the start.
        let next = try TensorRTArcFace(
            configuration: configuration(gpu, .background), devices: nil, search: gpu.search,
            engines: engines(gpu, gate, builds: builds))
        #expect(next.isReady)
        #expect(next.information.backend == "tensorrt")
        #expect(builds.value == 1)
    }

    @Test func `TensorRTArcFace holds no GPU memory before the engine is there`() async throws {
        let gpu = try DoubleGPU()
        let gate = Gate()
        let arcface = try TensorRTArcFace(
            configuration: configuration(gpu, .background), devices: nil, search: gpu.search,
            engines: engines(gpu, gate))
        #expect(!arcface.isReady)
        #expect(arcface.deviceByteCount == 0)
        #expect(arcface.batchSizes.isEmpty)
        gate.open()
        for _ in 0..<6000 where !arcface.isReady { try await Task.sleep(for: .milliseconds(10)) }
        #expect(arcface.batchSizes == [1, 4, 12])
        #expect(arcface.deviceByteCount > 0)
    }

    @Test func `switched off builds nothing: a named backend is an error, auto falls back`() throws {
        let gpu = try DoubleGPU()
        let builds = Counter()
        let engines = engines(gpu, Gate(), builds: builds)
        let error = #expect(throws: ArcFaceError.self) {
            try BackendChoice(
                configuration: configuration(gpu, .off), threading: .latency, search: gpu.search, engines: engines)
        }
        #expect(error?.description.contains("arcface-tensorrt build --onnx-path") == true)
        let choice = try BackendChoice(
            configuration: configuration(gpu, .off, .auto), threading: .latency, search: gpu.search, engines: engines)
        #expect(choice.runtime.information.backend == "onnxruntime")
        #expect(choice.warnings.count == 1)
        #expect(builds.value == 0)
    }

    @Test func `where a GPU is required the build is waited for, also in the background`() throws {
        let gpu = try DoubleGPU()
        let gate = Gate()
        gate.open()
        var configuration = configuration(gpu, .background, .auto)
        configuration.embedding.requireGPU = true
        let choice = try BackendChoice(
            configuration: configuration, threading: .latency, search: gpu.search, engines: engines(gpu, gate))
        #expect(choice.runtime.information.backend == "tensorrt")
    }

    @Test func `a named backend that can't run here is an error at once, also in the background`() throws {
        let gpu = try DoubleGPU()
        var search = gpu.search
        search.driver = .cuda(path: "/nowhere/libcuda.so.1", source: "the test")
        let builds = Counter()
        let error = #expect(throws: ArcFaceError.self) {
            try BackendChoice(
                configuration: configuration(gpu, .background), threading: .latency, search: search,
                engines: engines(gpu, Gate(), builds: builds))
        }
        #expect(error?.code == .unavailable)
        #expect(builds.value == 0)
    }

    @Test func `the builder is told to stop when nobody holds the embedder any more`() async throws {
        let gpu = try DoubleGPU()
        let began = Gate()
        let stopped = Counter()
        began.open()
        let engines = BuiltEngines(report: { _ in }) { (_, engines) throws(ArcFaceError) in
            began.pass()
            for _ in 0..<600_000 where !engines.shouldStop() { usleep(1000) }
            if engines.shouldStop() { stopped.add() }
            throw ArcFaceError(.unavailable, "stopped")
        }
        do {
            let choice = try BackendChoice(
                configuration: configuration(gpu, .background), threading: .latency, search: gpu.search,
                engines: engines)
            #expect(choice.runtime.information.backend == "onnxruntime")
            #expect(try await onThread { began.isReached() })
        }
        for _ in 0..<50_000 where stopped.value == 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(stopped.value == 1)
    }

    @Test(arguments: [([2], "there is no GPU 2; this process may use 2 (0 to 1)"), ([0, 0], "each once")])
    func `GPUs that aren't there are named, also where auto would fall back`(devices: [Int], words: String) throws {
        let gpu = try DoubleGPU()
        try store(gpu)
        var configuration = configuration(gpu, .off, .auto)
        configuration.tensorRT.gpus = devices
        let error = #expect(throws: ArcFaceError.self) {
            try BackendChoice(configuration: configuration, threading: .latency, search: gpu.search)
        }
        #expect(error?.code == .configuration)
        #expect(error?.location == "tensorrt.gpus")
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test func `the GPUs of the configuration each work`() throws {
        let gpu = try DoubleGPU()
        try store(gpu)
        var configuration = configuration(gpu, .off)
        configuration.tensorRT.gpus = [1, 0]
        let choice = try BackendChoice(configuration: configuration, threading: .latency, search: gpu.search)
        #expect(choice.runtime.information.device == "GPU 1 (Fake GPU B), GPU 0 (Fake GPU A)")
        #expect(choice.runtime.concurrency == 8)
    }
}

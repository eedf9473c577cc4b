import Digests
import EngineStore
import FaceImages
import Foundation
import ONNXModel
import Synchronization
import Testing

@testable import ArcFaceTensorRT

/// What a configuration comes to on a machine with GPUs, a TensorRT, and perhaps an engine.
@Suite(
    "The backend", .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"),
    .enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"))
struct BackendFallbackTests {
    private func configuration(_ gpu: DoubleGPU, _ backend: Backend) -> ArcFaceConfiguration {
        var configuration = TestFiles.configuration
        configuration.embedding.backend = backend
        configuration.tensorRT.onnxPath = TestFiles.sface
        configuration.tensorRT.modelName = "model"
        configuration.tensorRT.maxBatchSize = 12
        configuration.tensorRT.engineLocalDirectory = gpu.folder.path
        return configuration
    }

    /// Puts the engine there that the configuration asks for.
    private func store(_ gpu: DoubleGPU) throws {
        var engine = DoubleEngine(kind: gpu.kind)
        engine.onnx = try Digest.of(file: TestFiles.sface)
        let preprocessing = try FaceModel.prepare(path: TestFiles.sface, preprocessing: nil, target: .portable)
            .preprocessing
        engine.change = { $0.preprocessing = EnginePreprocessing(preprocessing) }
        _ = try engine.store(in: gpu.folder)
    }

    private func choose(_ configuration: ArcFaceConfiguration, _ gpu: DoubleGPU) throws -> BackendChoice {
        try BackendChoice(configuration: configuration, threading: .latency, search: gpu.search)
    }

    @Test(arguments: [DoubleKind.v11, .rtx])
    func `auto is TensorRT, or else TensorRT-RTX, if one has an engine`(kind: DoubleKind) throws {
        let gpu = try DoubleGPU(kind)
        try store(gpu)
        for backend in [Backend.auto, kind.isRTX ? .tensorRTRTX : .tensorRT] {
            var configuration = configuration(gpu, backend)
            configuration.embedding.requireGPU = true
            let choice = try choose(configuration, gpu)
            #expect(choice.runtime.information.backend == (kind.isRTX ? "tensorrt-rtx" : "tensorrt"))
            #expect(choice.warnings.isEmpty)
            let faces = SparseFace.several(3)
            #expect(
                try choice.runtime.rawEmbeddings(of: try SparseFace.batch(faces)) == faces.flatMap(\.embedding))
        }
    }

    @Test func `auto falls back to ONNX Runtime with one warning that says why`() throws {
        let gpu = try DoubleGPU()
        let choice = try choose(configuration(gpu, .auto), gpu)
        #expect(choice.runtime.information.backend == "onnxruntime")
        #expect(choice.warnings.count == 1)
        let warning = choice.warnings.first ?? ""
        for part in [
            "tensorrt: ", "tensorrt-rtx: ", "using onnxruntime", "model-fp16-sm90.plan", "arcface-tensorrt build",
        ] {
            #expect(warning.contains(part), "\(part) in: \(warning)")
        }
        #expect(!warning.contains("\n"))
    }

    @Test func `a GPU that is required is an error then, with the same reason`() throws {
        let gpu = try DoubleGPU()
        var configuration = configuration(gpu, .auto)
        configuration.embedding.requireGPU = true
        let error = #expect(throws: ArcFaceError.self) { try choose(configuration, gpu) }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("model-fp16-sm90.plan") == true)
    }

    @Test(arguments: [Backend.tensorRT, .tensorRTRTX])
    func `a named one that has no engine or no library is an error`(backend: Backend) throws {
        let gpu = try DoubleGPU()
        let error = #expect(throws: ArcFaceError.self) { try choose(configuration(gpu, backend), gpu) }
        #expect(error?.code == .unavailable)
        #expect(error?.location == "embedding.backend")
        #expect(error?.description.contains("the backend \(backend.rawValue) can't run") == true)
        if backend == .tensorRT { #expect(error?.description.contains("--model-name model") == true) }
    }

    @Test func `auto-build says why it builds, builds once, and runs what it built`() throws {
        let gpu = try DoubleGPU()
        let told = Mutex<[String]>([])
        let builds = Mutex(0)
        let engines = BuiltEngines { event in
            if case .message(let text) = event { told.withLock { $0.append(text) } }
        } build: { [self] (_, _) throws(ArcFaceError) in
            builds.withLock { $0 += 1 }
            do {
                try store(gpu)
            } catch {
                throw ArcFaceError(.unavailable, "\(error)")
            }
        }
        for _ in 0..<2 {
            let choice = try BackendChoice(
                configuration: configuration(gpu, .auto), threading: .latency, search: gpu.search, engines: engines)
            #expect(choice.runtime.information.backend == "tensorrt")
            #expect(choice.warnings.isEmpty)
        }
        #expect(builds.withLock { $0 } == 1)
        #expect(told.withLock { $0 }.count == 1)
        #expect(told.withLock { $0 }.first?.contains("model-fp16-sm90.plan") == true)
    }

    @Test func `a build that fails is told, and auto falls back`() throws {
        let gpu = try DoubleGPU()
        let engines = BuiltEngines { _ in
        } build: { (_, _) throws(ArcFaceError) in
            throw ArcFaceError(.runtimeFailed, "the builder broke")
        }
        let choice = try BackendChoice(
            configuration: configuration(gpu, .auto), threading: .latency, search: gpu.search, engines: engines)
        #expect(choice.runtime.information.backend == "onnxruntime")
        #expect(choice.warnings.first?.contains("the builder broke") == true)
        #expect(throws: ArcFaceError.self) {
            try BackendChoice(
                configuration: configuration(gpu, .tensorRT), threading: .latency, search: gpu.search, engines: engines)
        }
    }

    @Test func `an engine of another ONNX file is not run`() throws {
        let gpu = try DoubleGPU()
        _ = try DoubleEngine().store(in: gpu.folder)
        let error = #expect(throws: ArcFaceError.self) { try choose(configuration(gpu, .tensorRT), gpu) }
        #expect(error?.description.contains("built from another ONNX") == true)
    }

    @Test(arguments: [false, true])
    func `named onnxruntime, or switched off, touches no NVIDIA library`(isEnabled: Bool) throws {
        let gpu = try DoubleGPU()
        try store(gpu)
        var configuration = configuration(gpu, isEnabled ? .onnxRuntime : .auto)
        configuration.isEnabled = isEnabled
        configuration.embedding.fallback = .onnxRuntime
        let choice = try choose(configuration, gpu)
        #expect(choice.runtime.information.backend == "onnxruntime")
        #expect(try gpu.driverCalls().isEmpty)
        #expect(try gpu.tensorRTCalls() == 0)
    }
}

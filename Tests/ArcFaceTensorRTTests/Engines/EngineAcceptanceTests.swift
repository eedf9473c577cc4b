import EngineStore
import FaceImages
import Foundation
import ONNXModel
import Synchronization
import Testing

@testable import ArcFaceTensorRT

/// New engines of the double of TensorRT, which all compute one linear function, against the models they were built from.
@Suite(
    "A new engine", .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"),
    .enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"))
struct EngineAcceptanceTests {
    private func configuration(_ gpu: DoubleGPU, model: String) -> ArcFaceConfiguration {
        var configuration = TestFiles.configuration
        configuration.tensorRT.onnxPath = model
        configuration.tensorRT.modelName = "model"
        configuration.tensorRT.precision = .fp32
        configuration.tensorRT.engineLocalDirectory = gpu.folder.appending(path: "engines").path
        configuration.comparison.faces = TestFiles.photo
        configuration.comparison.sampleCount = 6
        // ONNX Runtime is the reference then, whatever this machine has.
        configuration.pyTorch.python = "/nowhere/at/all/python3"
        return configuration
    }

    private func build(
        _ configuration: ArcFaceConfiguration, _ gpu: DoubleGPU, acceptance: EngineBuildJob.Acceptance? = nil
    ) throws -> EngineBuildJob.Summary {
        let job = EngineBuildJob(
            options: .init(runtime: .tensorrt, acceptance: acceptance), configuration: configuration, search: gpu.search
        )
        return try #require(try job.run())
    }

    private func files(_ gpu: DoubleGPU) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: gpu.folder.appending(path: "engines").path)
            .filter { !$0.hasPrefix(".") && !$0.hasSuffix(".timing-cache") }.sorted()
    }

    /// A model that computes what the double does, of blue, green and red bytes.
    private func sameModel(in folder: URL) throws -> (path: String, preprocessing: PreprocessingConfiguration) {
        let (width, plane) = (DoubleEngine.width, FaceBatch.side * FaceBatch.side)
        var weights = [Float](repeating: 0, count: width * 3 * plane)
        for d in 0..<width {
            for channel in 0..<3 {
                for place in 0..<plane {
                    weights[(d * 3 + channel) * plane + place] = Float((place * 3 + channel + d) % 7 + 1)
                }
            }
        }
        var model = Model()
        model.irVersion = 8
        model.graph.name = "linear"
        model.graph.inputs = [ValueInfo("data", .float, [.named("N"), .value(3), .value(112), .value(112)])]
        model.graph.outputs = [ValueInfo("out", .float, [.named("N"), .value(Int64(width))])]
        model.graph.initializers = [Tensor(name: "w", dims: [width, 3 * plane], floats: weights)]
        model.graph.nodes = [
            Node("Flatten", ["data"], ["flat"], [Attribute("axis", .int(1))]),
            Node("Gemm", ["flat", "w"], ["out"], [Attribute("transB", .int(1))]),
        ]
        model.operatorSets = try Model.read(path: TestFiles.sface).operatorSets
        let path = folder.appending(path: "linear.onnx").path
        try model.write(to: path)
        return (path, PreprocessingConfiguration(color: .bgr, mean: 0, scale: 1))
    }

    @Test func `that computes what its model does is stored with the figures`() throws {
        let gpu = try DoubleGPU()
        let model = try sameModel(in: gpu.folder)
        var configuration = configuration(gpu, model: model.path)
        configuration.preprocessing = model.preprocessing
        let summary = try build(configuration, gpu, acceptance: .required)
        #expect(summary.rejection == nil, "\(summary.rejection ?? "")")
        let acceptance = try #require(try EngineFolder.engine(at: summary.path, trust: .anyone).manifest.acceptance)
        #expect(acceptance.verdict == .pass && acceptance.samples == 6 && acceptance.cosineMean > 0.99999)
        #expect(acceptance.reference.hasPrefix("onnxruntime ") && acceptance.l2Mean < 1e-4)
        #expect(try files(gpu) == ["model-fp32-sm90.plan", "model-fp32-sm90.plan.json"])
        #expect(try EngineFolder.engine(at: summary.path, trust: .anyone).acceptanceWarning == nil)
        #expect(summary.sentence.contains("PASS against onnxruntime") && summary.json.contains("\"cosine_mean\""))
    }

    @Test func `that computes something else is kept as rejected, and why`() throws {
        let gpu = try DoubleGPU()
        let summary = try build(configuration(gpu, model: TestFiles.sface), gpu)
        let reason = try #require(summary.rejection)
        #expect(reason.hasPrefix("FAIL: ") && reason.contains("6 faces of "))
        let name = "model-fp32-sm90.plan.rejected"
        #expect(try files(gpu) == [name, "\(name).json", "\(name).txt"])
        #expect(summary.path.hasSuffix(name) && summary.sentence.hasPrefix("rejected: "))
        #expect(try String(contentsOfFile: "\(summary.path).txt", encoding: .utf8) == reason + "\n")
    }

    /// Stores an engine that nobody compares.
    private func unproven(
        _ gpu: DoubleGPU, model: String, preprocessing: PreprocessingConfiguration? = nil
    ) throws -> (configuration: ArcFaceConfiguration, engine: StoredEngine) {
        var configuration = configuration(gpu, model: model)
        if let preprocessing { configuration.preprocessing = preprocessing }
        let summary = try build(configuration, gpu, acceptance: .off)
        let engine = try EngineFolder.engine(at: summary.path, trust: .anyone)
        #expect(engine.manifest.acceptance == nil)
        return (configuration, engine)
    }

    @Test func `that was stored without figures gets them later, and isn't built again`() throws {
        let gpu = try DoubleGPU()
        let model = try sameModel(in: gpu.folder)
        let (configuration, before) = try unproven(gpu, model: model.path, preprocessing: model.preprocessing)
        // Nobody asked: as it is.
        #expect(try build(configuration, gpu).json.contains("\"reused\":true"))
        #expect(try EngineFolder.engine(at: before.planPath, trust: .anyone).manifest == before.manifest)

        let summary = try build(configuration, gpu, acceptance: .required)
        #expect(!summary.isNew && summary.rejection == nil && summary.sentence.contains("PASS against onnxruntime"))
        let after = try EngineFolder.engine(at: before.planPath, trust: .anyone).manifest
        #expect(after.acceptance?.verdict == .pass && after.acceptance?.samples == 6)
        #expect(after.plan == before.manifest.plan && after.created == before.manifest.created)
        #expect(try files(gpu) == ["model-fp32-sm90.plan", "model-fp32-sm90.plan.json"])

        // Once is enough.
        let told = Mutex<[String]>([])
        let job = EngineBuildJob(
            options: .init(runtime: .tensorrt, acceptance: .required), configuration: configuration, search: gpu.search)
        _ = try job.run(report: { event in
            if case .message(let text) = event { told.withLock { $0.append(text) } }
        })
        #expect(!told.withLock { $0.contains { $0.hasPrefix("acceptance") } })
    }

    @Test func `that was stored and turns out wrong is rejected like a new one`() throws {
        let gpu = try DoubleGPU()
        let (configuration, before) = try unproven(gpu, model: TestFiles.sface)
        let summary = try build(configuration, gpu, acceptance: .required)
        let reason = try #require(summary.rejection)
        let name = "model-fp32-sm90.plan.rejected"
        #expect(try files(gpu) == [name, "\(name).json", "\(name).txt"])
        #expect(try String(contentsOfFile: "\(summary.path).txt", encoding: .utf8) == reason + "\n")
        let bytes = try Data(contentsOf: URL(filePath: summary.path))
        #expect(bytes.count == before.manifest.plan.bytes && !summary.isNew)
    }

    @Test(arguments: ["comparing the engine", "running the reference", "running the candidate, ", "on batches"])
    func `whose comparison is stopped leaves nothing, and a stored one as it was`(step: String) throws {
        let gpu = try DoubleGPU()
        let model = try sameModel(in: gpu.folder)
        for isStored in [false, true] {
            var configuration = configuration(gpu, model: model.path)
            configuration.preprocessing = model.preprocessing
            if isStored { _ = try build(configuration, gpu, acceptance: .off) }
            let before = isStored ? try files(gpu) : []
            let isStopped = Mutex(false)
            let later = Mutex<[String]>([])
            let job = EngineBuildJob(
                options: .init(runtime: .tensorrt, acceptance: .required), configuration: configuration,
                search: gpu.search)
            let summary = try job.run(shouldStop: { isStopped.withLock { $0 } }) { event in
                guard case .message(let text) = event, text.hasPrefix("acceptance: ") else { return }
                if isStopped.withLock({ $0 }) { later.withLock { $0.append(text) } }
                if text.contains(step) { isStopped.withLock { $0 = true } }
            }
            #expect(summary == nil && isStopped.withLock { $0 } && later.withLock { $0 } == [])
            #expect(try files(gpu) == before)
            if let plan = before.first {
                let path = gpu.folder.appending(path: "engines/\(plan)").path
                #expect(try EngineFolder.engine(at: path, trust: .anyone).manifest.acceptance == nil)
            }
        }
    }

    @Test func `isn't compared where that is switched off, and those who run it are told`() throws {
        let gpu = try DoubleGPU()
        var configuration = configuration(gpu, model: TestFiles.sface)
        configuration.tensorRT.accept = false
        let summary = try build(configuration, gpu)
        #expect(summary.rejection == nil)
        let warning = try #require(try EngineFolder.engine(at: summary.path, trust: .anyone).acceptanceWarning)
        #expect(warning.contains("was never accepted") && warning.contains("--accept"))
        configuration.embedding.backend = .tensorRT
        let choice = try BackendChoice(configuration: configuration, threading: .latency, search: gpu.search)
        #expect(choice.warnings == [warning])
    }

    @Test func `without faces to compare on is stored all the same, unless it must be accepted`() throws {
        let gpu = try DoubleGPU()
        var configuration = configuration(gpu, model: TestFiles.sface)
        configuration.comparison.faces = "/nowhere/at/all"
        let error = #expect(throws: ArcFaceError.self) { try build(configuration, gpu, acceptance: .required) }
        #expect(error?.description.contains("can't be accepted") == true)
        let told = Mutex<[String]>([])
        let job = EngineBuildJob(options: .init(runtime: .tensorrt), configuration: configuration, search: gpu.search)
        let summary = try #require(
            try job.run(report: { event in
                if case .warning(let text) = event { told.withLock { $0.append(text) } }
            }))
        #expect(summary.rejection == nil && told.withLock { $0.count } == 1)
        #expect(told.withLock { $0.first?.contains("/nowhere/at/all") } == true)
    }

    @Test func `that auto-build would run isn't run when it is rejected`() throws {
        let gpu = try DoubleGPU()
        var configuration = configuration(gpu, model: TestFiles.sface)
        configuration.embedding.backend = .tensorRT
        let error = #expect(throws: ArcFaceError.self) {
            try BackendChoice(
                configuration: configuration, threading: .latency, search: gpu.search,
                engines: BuiltEngines(report: { _ in }))
        }
        #expect(error?.description.contains("the engine was rejected: FAIL") == true)
    }
}

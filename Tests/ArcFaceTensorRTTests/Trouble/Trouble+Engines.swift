import EngineStore
import Foundation
import Signatures

@testable import ArcFaceTensorRT

extension Trouble {
    /// Models that aren't there.
    static let models = [
        Trouble("there is no such model") {
            var configuration = ArcFaceConfiguration()
            configuration.tensorRT.onnxPath = "/nowhere/face.onnx"
            return try told { _ = try EngineBuildJob(configuration: configuration).run() }
        },
        Trouble("the model can't be opened") {
            var configuration = TestFiles.configuration
            configuration.tensorRT.onnxPath = "/nowhere/face.onnx"
            return try told { _ = try BackendChoice(configuration: configuration, threading: .latency) }
        },
    ]

    /// Engines that don't fit, or that nobody should run.
    static let engines = [
        Trouble("TensorRT-RTX is for GeForce and RTX GPUs") {
            let gpu = try DoubleGPU(.rtx)
            // What TensorRT-RTX 1.7.1 says on an H100; which call it refuses is found by trying.
            for call in 1...20 {
                let text = try? loading(
                    on: gpu,
                    spoiling: { _ in
                        try gpu.failTensorRT(
                            at: call,
                            saying: "The engine cannot run on this GPU, which has compute capability 9.0; TensorRT-RTX "
                                + "does not support this compute capability")
                    })
                if try gpu.failedMethod() == "deserializeCudaEngine" { return text ?? "" }
            }
            throw Absent()
        },
        Trouble("this GPU is sm_") { try loading(on: try DoubleGPU(), { $0.change = { $0.builtOn.sm = 86 } }) },
        Trouble("built by TensorRT") {
            try loading(
                on: try DoubleGPU(),
                { $0.change = { $0.runtime.version = EngineVersion(major: 10, minor: 8, patch: 0) } })
        },
        Trouble("file altered") {
            try loading(
                on: try DoubleGPU(),
                spoiling: { path in
                    var bytes = try Data(contentsOf: URL(filePath: path))
                    bytes[bytes.count - 2] ^= 1
                    try bytes.write(to: URL(filePath: path))
                })
        },
        Trouble("nobody signed this engine") { try untrusted(signedBy: nil) },
        Trouble("signed by a stranger") { try untrusted(signedBy: SigningKey()) },
        Trouble("the engine was rejected: FAIL") {
            let gpu = try DoubleGPU()
            return try told {
                _ = try BackendChoice(
                    configuration: configuration(gpu), threading: .latency, search: gpu.search,
                    engines: BuiltEngines(report: { _ in }))
            }
        },
    ]

    /// What happens while engines run.
    static let running = [
        Trouble("too little GPU memory") {
            let gpu = try DoubleGPU()
            try gpu.set(memory: 50_000)
            return try loading(on: gpu)
        },
        Trouble("the model gave NaN, infinity or only zeros") {
            var queue = WorkQueue(
                range: 0..<1,
                limits: .init(batchSize: 1, concurrentBatches: 1, inputsInFlight: 1, waitingFaces: 1))
            _ = queue.next()
            queue.prepared(
                PreparedInput(
                    index: 0, image: "0.jpg", size: nil,
                    faces: [PreparedFace(box: nil, landmarks: nil, score: 1, pixels: .init())], failures: []))
            guard case .embed(let batch) = queue.next() else { throw Absent() }
            queue.embedded(batch: batch.number, [FaceEmbedding(norm: .nan, vector: [.nan])])
            guard let failure = queue.takeResults().first?.failures.first else { throw Absent() }
            return failure.message
        },
    ]

    /// What is told of an engine where a signature by another key is required.
    private static func untrusted(signedBy key: SigningKey?) throws -> String {
        let gpu = try DoubleGPU()
        var engine = DoubleEngine()
        let manifest = try key.map { try engine.manifest().signed(by: $0) }
        engine.change = { $0 = manifest ?? $0 }
        let path = try engine.store(in: gpu.folder)
        let trust = EngineTrust(requiresSignature: true, keys: [try SigningKey().verificationKey])
        return try told {
            _ = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search, trust: trust)
        }
    }
}

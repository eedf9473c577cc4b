import CUDAEngine
import Digests
import EngineStore
import Foundation
import SmallNetworks

@testable import ArcFaceTensorRT

/// A small engine of our own whose kernels are functions of the CPU.
struct CompiledEngine {
    static let width = 64
    let compiled: EngineCompiler.Result
    /// Compute capability, times ten, that its kernels are for.
    let built: Int

    init(built: Int = 90, batches: [Int] = [1, 2], element: PlanValue.Element = .float16) throws {
        self.built = built
        let target = KernelTarget(try KernelArchitecture(built))
        compiled = try EngineCompiler(target: target, batches: batches, element: element)
            .compile(try EngineCompiler.network(of: try SmallNetworks.tiny()))
    }

    /// The engine's file.
    var file: [UInt8] {
        EngineFile.bytes(
            plan: compiled.plan, cubins: compiled.plan.kernels.map { HostKernels.module(of: $0) },
            weights: compiled.weights)
    }

    /// Writes the engine and its manifest.
    ///
    /// - Parameters:
    ///   - folder: where to.
    ///   - sm: the compute capability that the manifest names; nil is the engine's own.
    ///   - file: other bytes than the engine's.
    /// - Returns: the engine's path.
    /// - Throws: what the folder of engines throws.
    func store(in folder: URL, sm: Int? = nil, file: [UInt8]? = nil) throws -> String {
        let file = file ?? self.file
        let manifest = EngineManifest(
            plan: file.withUnsafeBytes { PlanFacts(of: $0) },
            model: ModelFacts(name: "tiny", onnx: Digest.of("the model")),
            precision: compiled.plan.element == .float32 ? .fp32 : .fp16,
            batch: BatchFacts(
                profiles: compiled.plan.buckets.map { BatchProfile(min: 1, opt: $0.batch, max: $0.batch) }),
            runtime: RuntimeFacts(name: .cuda, version: CUDATools(compiler: nil).version),
            builtOn: MachineFacts(sm: sm ?? built),
            preprocessing: EnginePreprocessing(color: .rgb, mean: 127.5, scale: 127.5),
            embeddingWidth: Self.width,
            acceptance: EngineAcceptance(
                verdict: .pass, reference: "onnxruntime", samples: 1, cosineMean: 1, cosineMin: 1, l2Mean: 0),
            toolVersion: "test")
        let engines = EngineFolder(path: folder.path, trust: .anyone)
        let lock = try engines.lock(try manifest.name())
        return try file.withUnsafeBytes { (bytes) throws(EngineStoreError) in
            try engines.put(bytes, manifest: manifest, holding: lock)
        }.planPath
    }

    /// What the engine gives for faces, by the interpreter.
    func embeddings(of faces: [UInt8]) throws -> [Float] {
        var interpreter = try PlanInterpreter(compiled.plan, weights: compiled.weights)
        let size = 112 * 112 * 3
        return try (0..<faces.count / size).flatMap { face in
            try interpreter.embed(Array(faces[face * size..<(face + 1) * size]), bucket: 0)
        }
    }

    /// Faces that differ from each other.
    static func faces(_ count: Int) -> [UInt8] {
        var state: UInt32 = 9
        var bytes: [UInt8] = []
        for face in 0..<count {
            for place in 0..<112 * 112 * 3 {
                state = state &* 1_664_525 &+ 1_013_904_223
                bytes.append(UInt8(truncatingIfNeeded: 60 + place / 400 + face * 11 + Int(state >> 28)))
            }
        }
        return bytes
    }
}

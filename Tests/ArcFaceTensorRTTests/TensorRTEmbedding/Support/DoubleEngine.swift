import Digests
import EngineStore
import FaceImages
import Foundation

@testable import ArcFaceTensorRT

/// Engines for the double of TensorRT, which computes
/// `embedding[n][d] = Σᵢ faces[n][i] · ((i + d) mod 7 + 1)`, stored with their manifests.
struct DoubleEngine {
    static let width = 16

    var kind = DoubleKind.v10
    /// Smallest, best and largest batch of each profile.
    var profiles: [[Int]] = Self.profiles(streams: 2, largest: 12)
    var onnx = Digest.of("the model")
    var model = "model"
    var input = "1 faces 5"
    var output = "2 embedding 0"
    var faceShape = "112 112 3"
    /// Numbers of an embedding.
    var embeddingWidth = Self.width
    /// The manifest is changed by this before it is written.
    var change: (inout EngineManifest) -> Void = { _ in }

    /// Profiles tuned for 1, 4 and the largest batch, once for each stream.
    static func profiles(streams: Int, largest: Int) -> [[Int]] {
        (0..<streams).flatMap { _ in [[1, 1, 1], [1, 4, 4], [1, largest, largest]] }
    }

    /// The plan, as the double reads it.
    var plan: [UInt8] {
        let family = kind.isRTX ? "1" : kind.family
        var text = "plan of double \(family) \(kind.version)\n\(profiles.count)\n2\n\(input) 4 -1 \(faceShape)"
        for batch in profiles.flatMap({ $0 }) { text += " 4 \(batch) \(faceShape)" }
        text += "\n\(output) 2 -1 \(embeddingWidth)\n"
        return Array(text.utf8)
    }

    func manifest() -> EngineManifest {
        let divisor = kind.family == "8" ? (1000, 100) : (10_000, 100)
        let version = EngineVersion(
            major: kind.version / divisor.0, minor: kind.version % divisor.0 / divisor.1, patch: kind.version % 100)
        var manifest = EngineManifest(
            plan: plan.withUnsafeBytes { PlanFacts(of: $0) }, model: ModelFacts(name: model, onnx: onnx),
            precision: .fp16,
            batch: BatchFacts(profiles: profiles.map { BatchProfile(min: $0[0], opt: $0[1], max: $0[2]) }),
            runtime: RuntimeFacts(name: kind.isRTX ? .tensorrtRTX : .tensorrt, version: version),
            builtOn: MachineFacts(sm: 90), preprocessing: EnginePreprocessing(color: .rgb, mean: 127.5, scale: 127.5),
            embeddingWidth: embeddingWidth,
            acceptance: EngineAcceptance(
                verdict: .pass, reference: "onnxruntime", samples: 1, cosineMean: 1, cosineMin: 1, l2Mean: 0),
            toolVersion: "test")
        change(&manifest)
        return manifest
    }

    /// Writes plan and manifest.
    ///
    /// - Returns: the plan's path.
    func store(in folder: URL) throws -> String {
        let manifest = manifest()
        let engines = EngineFolder(path: folder.path, trust: .anyone)
        let lock = try engines.lock(try manifest.name())
        let stored = try plan.withUnsafeBytes { (bytes) throws(EngineStoreError) in
            try engines.put(bytes, manifest: manifest, holding: lock)
        }
        return stored.planPath
    }
}

/// Faces whose embeddings are known without computing much: one value all over, and another at a few places.
struct SparseFace {
    /// Small enough that every sum is exact in float32.
    var value: Int
    var marks: [Int: Int] = [:]

    /// Faces that differ from each other, and from those of another seed.
    static func several(_ count: Int, seed: Int = 0) -> [SparseFace] {
        (0..<count).map { index in
            let number = seed * 31 + index
            return SparseFace(value: number % 23 + 1, marks: [100 + number: number % 40, 5: number % 9])
        }
    }

    static func batch(_ faces: [SparseFace]) throws -> FaceBatch {
        var pixels: [UInt8] = []
        for face in faces {
            var bytes = [UInt8](repeating: UInt8(face.value), count: FaceBatch.bytesPerFace)
            for (place, value) in face.marks { bytes[place] = UInt8(value) }
            pixels += bytes
        }
        return try FaceBatch(count: faces.count, pixels: pixels)
    }

    /// What the double's engine gives.
    var embedding: [Float] {
        (0..<DoubleEngine.width).map { d in
            // 37632 is a multiple of 7, and 1 + … + 7 is 28.
            let all = value * (FaceBatch.bytesPerFace / 7) * 28
            return Float(marks.reduce(all) { $0 + ($1.value - value) * (($1.key + d) % 7 + 1) })
        }
    }
}

extension TensorRTArcFace {
    /// Streams of each GPU.
    var laneCount: Int? { (runtime as? TensorRTEmbedding)?.laneCount }
    /// Whether every bucket of every slot runs as a CUDA graph.
    var runsGraphs: Bool? { (runtime as? TensorRTEmbedding)?.runsGraphs }
}

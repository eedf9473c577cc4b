import Foundation
import Testing

@testable import ArcFaceTensorRT

/// Each call that loading an engine and running it makes fails in turn: a named error or the right numbers, nothing left
/// behind, no slot lost.
@Suite(
    "When a call fails, TensorRT's engine",
    .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")"))
struct TensorRTFailureTests {
    private static let faces = SparseFace.several(3)

    /// Loads, runs a batch that needs two buckets, and lets everything go.
    private static func flow(_ gpu: DoubleGPU, _ path: String) throws -> [Float] {
        let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        return try arcface.runtime.rawEmbeddings(of: try SparseFace.batch(faces))
    }

    private static func gpu(_ kind: DoubleKind = .v10) throws -> (DoubleGPU, String) {
        let gpu = try DoubleGPU(kind)
        var engine = DoubleEngine(kind: kind)
        engine.profiles = [[1, 1, 1], [1, 2, 2]]
        return (gpu, try engine.store(in: gpu.folder))
    }

    /// Freeing something: what isn't freed stays.
    private static func releases(_ function: String) -> Bool {
        ["Free", "Destroy", "Release", "CtxPop", "ExchangeStreamCaptureMode"].contains { function.contains($0) }
    }

    /// Every use of a context begins with these, freeing included.
    private static let entries = ["cuCtxGetCurrent", "cuCtxPushCurrent_v2"]
    /// A capture that fails costs the graph alone.
    private static let forgiven = ["Capture", "GraphInstantiate", "cuCtxGetCurrent", "cuCtxPushCurrent_v2"]

    @Test func `of the driver it is told, and the next load works`() throws {
        let (gpu, path) = try Self.gpu()
        #expect(try Self.flow(gpu, path) == Self.faces.flatMap(\.embedding))
        try gpu.resetDriver()
        #expect(try Self.flow(gpu, path) == Self.faces.flatMap(\.embedding))
        let calls = try gpu.driverCalls()
        #expect(calls.count > 25)
        for (function, count) in calls where !Self.releases(function) {
            // The first, one in the middle, the last.
            for skipped in Set([0, 1, count / 2, count - 1]) where skipped < count {
                try fail(function, after: skipped)
            }
        }
    }

    /// On a machine of its own, as what an entry's failure leaves behind stays.
    private func fail(_ function: String, after skipped: Int) throws {
        let (gpu, path) = try Self.gpu()
        let expected = Self.faces.flatMap(\.embedding)
        let place = "\(function) after \(skipped)"
        try gpu.failDriver(function, after: skipped, with: 999)
        switch Result(catching: { try Self.flow(gpu, path) }) {
        case .success(let embeddings):
            #expect(embeddings == expected, "\(place)")
            #expect(Self.forgiven.contains { function.contains($0) }, "\(place) went unnoticed")
        case .failure(let error as ArcFaceError):
            #expect(!error.description.contains("\n") && !error.what.isEmpty, "\(place)")
            #expect(
                error.description.contains(function) || function == "cuDriverGetVersion", "\(place): \(error)")
        case .failure(let error): Issue.record("\(place): \(error)")
        }
        if !Self.entries.contains(function) {
            #expect(try gpu.live() == 0, "\(place)")
            #expect(try gpu.misuse() == "", "\(place)")
        }
        #expect(try Self.flow(gpu, path) == expected, "after \(place)")
    }

    @Test(arguments: [DoubleKind.v10, .rtx], [0, 1, 2])
    func `of TensorRT it is told, and the next load works`(kind: DoubleKind, how: Int) throws {
        let (gpu, path) = try Self.gpu(kind)
        let expected = Self.faces.flatMap(\.embedding)
        // TensorRT-RTX's kernels are kept by the first flow and used by the next.
        for _ in 0..<2 {
            try gpu.failTensorRT(at: 0, how: how)
            #expect(try Self.flow(gpu, path) == expected)
        }
        let calls = try gpu.tensorRTCalls()
        #expect(calls > 50)
        for call in 1...calls {
            try gpu.failTensorRT(at: call, how: how)
            let outcome = Result { try Self.flow(gpu, path) }
            let failed = try gpu.failedMethod()
            let place = "call \(call), \(failed), \(how)"
            #expect(!failed.isEmpty, "\(place)")
            switch outcome {
            case .success(let embeddings):
                #expect(embeddings == expected, "\(place)")
                // In a capture it costs the graph, what has no result can refuse in the log alone, and kernels that can't be
                // kept or used again cost the time to compile them.
                let silent = [
                    "enqueueV3", "setDynamicShapesKernelSpecializationStrategy", "deserialize", "serialize", "data",
                    "size",
                ]
                #expect(silent.contains(failed), "\(place) went unnoticed")
            case .failure(let error as ArcFaceError):
                #expect(!error.description.contains("\n"), "\(place)")
                #expect(error.description.contains(failed), "\(place): \(error)")
            case .failure(let error): Issue.record("\(place): \(error)")
            }
            #expect(try gpu.live() == 0, "\(place)")
        }
        #expect(try gpu.misuse() == "")
    }

    @Test(arguments: [
        "cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2", "cuGraphLaunch", "cuEventRecord", "cuStreamWaitEvent",
        "cuEventSynchronize",
    ])
    func `while it runs, it loses no slot and goes on`(function: String) throws {
        let (gpu, path) = try Self.gpu()
        let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        let faces = SparseFace.several(14)
        let batch = try SparseFace.batch(faces)
        for skipped in 0..<6 {
            try gpu.failDriver(function, after: skipped, with: 999)
            let error = #expect(throws: ArcFaceError.self) { try arcface.runtime.rawEmbeddings(of: batch) }
            #expect(error?.description.contains(function) == true)
            #expect(error?.code == .runtimeFailed)
            #expect(try arcface.runtime.rawEmbeddings(of: batch) == faces.flatMap(\.embedding))
        }
        #expect(try gpu.misuse() == "")
    }

    @Test func `and the GPU is lost, every call says so and none hangs`() throws {
        let (gpu, path) = try Self.gpu()
        let arcface = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        let batch = try SparseFace.batch(SparseFace.several(14))
        try gpu.lose(with: 700)
        for _ in 0..<3 {
            let error = #expect(throws: ArcFaceError.self) { try arcface.runtime.rawEmbeddings(of: batch) }
            #expect(error?.description.contains("restart the process") == true)
        }
    }
}

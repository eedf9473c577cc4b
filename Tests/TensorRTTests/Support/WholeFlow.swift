import TensorRT

/// Everything that the room can do, once: build, load, describe, run. What tests vary is the double underneath.
enum WholeFlow {
    static func options(for kind: DoubleKind) -> BuildOptions {
        BuildOptions(
            profiles: [
                BatchProfile(minimum: 1, optimum: 1, maximum: 1), BatchProfile(minimum: 1, optimum: 4, maximum: 8),
            ],
            workspaceByteCount: 1 << 20, optimizationLevel: 3,
            hardwareCompatibility: kind.isRTX ? .none : .ampereAndNewer, isVersionCompatible: !kind.isRTX,
            computeCapabilities: kind.isRTX ? [86, 120] : [],
            timingCache: Array("timings \(kind.version)\n".utf8),
            precisions: kind.family == "8" ? [.fp16] : [], maxThreads: 2)
    }

    static func build(
        with double: DoubleTensorRT, model: [UInt8] = TestModels.tiny(),
        options change: (inout BuildOptions) -> Void = { _ in }, progress: BuildProgressHandler? = { _ in true }
    ) throws -> BuiltEngine {
        var options = options(for: double.kind)
        change(&options)
        return try TensorRTBuilder(try double.library(), driver: DoubleTensorRT.driver)
            .build(.bytes(model), options: options, progress: progress)
    }

    static func engine(with double: DoubleTensorRT) throws -> TensorRTEngine {
        let plan = try build(with: double).plan
        return try TensorRTRuntime(try double.library(), driver: DoubleTensorRT.driver).deserialize(plan)
    }

    /// Runs faces through the engine's second profile; the "device" memory of doubles is host memory.
    static func run(
        _ faces: [UInt8], count: Int, on context: ExecutionContext, stream: UnsafeMutableRawPointer? = nil
    ) throws -> [Float] {
        var faces = faces
        var embeddings = [Float](repeating: -1, count: count * 16)
        try context.selectProfile(1, stream: stream)
        try context.setInputShape("faces", [count, 112, 112, 3])
        let shape = try context.shape(of: "embedding")
        guard shape == [count, 16] else { throw WrongShape(shape: shape) }
        try faces.withUnsafeMutableBytes { faces in
            try embeddings.withUnsafeMutableBytes { embeddings in
                guard let input = faces.baseAddress, let output = embeddings.baseAddress else { return }
                try context.setAddress(input, of: "faces")
                try context.setAddress(output, of: "embedding")
                try context.requireShapes()
                try context.enqueue(on: stream)
            }
        }
        return embeddings
    }

    struct WrongShape: Error {
        var shape: TensorShape
    }

    /// The whole of it; every kind of call is made at least once.
    static func everything(with double: DoubleTensorRT) throws -> [Float] {
        let engine = try engine(with: double)
        _ = try engine.layersJSON()
        var options = ContextOptions()
        if double.kind.isRTX {
            let cache = try engine.makeRuntimeCache()
            try cache.load(Array("kernels of old\n".utf8))
            options = ContextOptions(specializesEagerly: true, capturesGraphs: true, runtimeCache: cache)
        }
        let context = try engine.makeContext(options)
        let embeddings = try run([UInt8](repeating: 3, count: 2 * 37632), count: 2, on: context)
        _ = try options.runtimeCache?.bytes()
        return embeddings
    }
}

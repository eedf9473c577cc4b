import FaceImages

/// One runtime at one batch size: calls it and keeps how long each call took.
final class BenchmarkCell {
    let runtime: any EmbeddingRuntime
    let batch: Int
    /// The very first call of this size, in seconds.
    private(set) var firstCall = 0.0
    /// Calls that count, in seconds.
    private(set) var durations: [Double] = []
    /// Their stages, of calls of their own, where the runtime tells them.
    private(set) var stages: [StageTimes] = []
    private let faces: BenchmarkFaces
    private let output: UnsafeMutableBufferPointer<Float>

    /// - Parameters:
    ///   - runtime: what is timed.
    ///   - batch: faces of a call; larger than the runtime's maximum, it takes several.
    ///   - faces: at least as many.
    init(_ runtime: any EmbeddingRuntime, batch: Int, faces: BenchmarkFaces) {
        self.runtime = runtime
        self.batch = batch
        self.faces = faces
        output = .allocate(capacity: batch * runtime.information.embeddingWidth)
        output.initialize(repeating: .nan)
    }

    deinit { output.deallocate() }

    /// The embeddings of the last call: float32 [batch, D].
    var embeddings: [Float] { Array(output) }

    /// Calls once and remembers how long it took: libraries finish loading then, and compilers compile.
    ///
    /// - Throws: `ArcFaceError` with the runtime's own message, or if it gives what is no number.
    func callFirst() throws(ArcFaceError) {
        firstCall = try timed()
        guard output.allSatisfy(\.isFinite) else {
            throw ArcFaceError(
                .runtimeFailed, "\(runtime.information.backend) gives NaN or infinity for \(batch) faces",
                at: runtime.information.modelPath, mend: "see where: arcface-tensorrt model check --layers")
        }
    }

    /// Calls for some time without remembering.
    func warmUp(seconds: Double) throws(ArcFaceError) {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        repeat { _ = try timed() } while clock.now < end
    }

    /// Measures for some time.
    ///
    /// - Parameters:
    ///   - seconds: how long at least.
    ///   - iterations: calls at least, 1 or more.
    /// - Throws: `ArcFaceError` with the runtime's own message.
    func measure(seconds: Double, iterations: Int) throws(ArcFaceError) {
        // The first call of a turn pays for what the others' turns left in caches and clocks.
        _ = try timed()
        let clock = ContinuousClock()
        let start = clock.now
        var calls = 0
        while calls < iterations || clock.now < start + .seconds(seconds) {
            durations.append(try timed())
            calls += 1
        }
        guard let timed = runtime as? any StageTimedRuntime else { return }
        // A tenth as many, so that they cost little.
        for _ in 0..<max(1, calls / 10) { stages.append(try self.stages(of: timed)) }
    }

    private func timed() throws(ArcFaceError) -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try inParts { (pixels, count, rows) throws(ArcFaceError) in
            try runtime.embed(pixels, count: count, into: rows)
        }
        return (clock.now - start).inSeconds
    }

    private func stages(of runtime: any StageTimedRuntime) throws(ArcFaceError) -> StageTimes {
        var sum = StageTimes(hostToDevice: .zero, compute: .zero, deviceToHost: .zero)
        try inParts { (pixels, count, rows) throws(ArcFaceError) in
            sum += try runtime.embedTimed(pixels, count: count, into: rows)
        }
        return sum
    }

    private func inParts(
        _ call: (UnsafeRawBufferPointer, Int, UnsafeMutableBufferPointer<Float>) throws(ArcFaceError) -> Void
    ) throws(ArcFaceError) {
        let width = runtime.information.embeddingWidth
        for start in stride(from: 0, to: batch, by: runtime.maximumBatch) {
            let end = min(start + runtime.maximumBatch, batch)
            let bytes = start * FaceBatch.bytesPerFace..<end * FaceBatch.bytesPerFace
            try call(
                UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(faces.bytes)[bytes]), end - start,
                UnsafeMutableBufferPointer(rebasing: output[start * width..<end * width]))
        }
    }
}

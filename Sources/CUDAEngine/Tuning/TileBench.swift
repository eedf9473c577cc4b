internal import CUDADriver

/// Runs candidates on a GPU with a plan's own weights and memory, and times them.
///
/// A candidate is launched as often as its layers recur, each time with another layer's weights, in one graph and with the
/// launches overlapping as in the engine. So a time has in it what a layer waits for: weights that the caches have lost, the
/// launch, the sum of split products.
final class TileBench {
    /// What came of a candidate.
    enum Outcome {
        /// Microseconds a launch, the median of all rounds.
        case took(Double)
        /// Why it can't be used.
        case unusable(String)
    }

    private let plan: EnginePlan
    private let context: CUDAContext
    private let stream: CUDAStream
    private let rounds: Int
    /// The plan's weights, and room behind them for copies of some.
    private let weights: DeviceMemory
    /// Numbers that activations may have.
    private let pattern: DeviceMemory
    private let begin: CUDAEvent
    private let end: CUDAEvent

    /// - Throws: `CUDAError`, perhaps for want of memory.
    init(_ plan: EnginePlan, weights bytes: [UInt8], on context: CUDAContext, rounds: Int) throws(CUDAError) {
        self.plan = plan
        self.context = context
        self.rounds = rounds
        stream = try CUDAStream(on: context)
        let largest = plan.steps.flatMap(\.weights).map(\.byteCount).max() ?? 0
        weights = try DeviceMemory(
            byteCount: bytes.count.rounded(upTo: 256)
                + (Self.coldBytes(plan, context) + largest).rounded(upTo: 256), on: context)
        pattern = try DeviceMemory(byteCount: 1 << 20, on: context)
        begin = try CUDAEvent(on: context, measuresTime: true)
        end = try CUDAEvent(on: context, measuresTime: true)
        try Self.upload(bytes, to: weights, stream)
        try Self.upload(Self.activations(pattern.byteCount), to: pattern, stream)
    }

    /// So many bytes of weights go by between two uses of a layer's in the engine, or so many as the cache forgets.
    private static func coldBytes(_ plan: EnginePlan, _ context: CUDAContext) -> Int {
        min(plan.weightsByteCount, 2 * context.device.l2CacheSize)
    }

    private static func upload(_ bytes: [UInt8], to memory: DeviceMemory, _ stream: CUDAStream) throws(CUDAError) {
        try bytes.withUnsafeBytes { bytes in
            Result { () throws(CUDAError) in try stream.upload(bytes, to: memory) }
        }.get()
    }

    /// float16 numbers of either sign between 0.25 and 1, the same in each run.
    private static func activations(_ count: Int) -> [UInt8] {
        var state: UInt32 = 1
        return (0..<count / 2).flatMap { _ -> [UInt8] in
            state = state &* 1_664_525 &+ 1_013_904_223
            let exponent: UInt32 = 13 + state >> 30 & 1
            let half = (state >> 31) << 15 | exponent << 10 | state >> 12 & 0x3ff
            return [UInt8(half & 0xff), UInt8(half >> 8)]
        }
    }

    /// Times a problem's candidates, by turns.
    ///
    /// - Parameters:
    ///   - problem: the candidates, the table's first.
    ///   - code: the code of each, or why there is none.
    /// - Returns: what came of each. If the table's can't be run, no other can be held against it.
    /// - Throws: `CUDAError` if the GPU is lost, or memory is short.
    func outcomes(
        of problem: TileProblem, code: [Result<[UInt8], CUDAEngineError>]
    ) throws(CUDAError) -> [Outcome] {
        let place = try TileWorkplace(
            problem, of: plan, weights: weights, cold: Self.coldBytes(plan, context), pattern: pattern, on: stream)
        var outcomes: [Outcome] = []
        var runs: [(candidate: Int, graph: CUDAGraphExecutable)] = []
        for (number, candidate) in problem.candidates.enumerated() {
            do throws(CUDAError) {
                switch code[number] {
                case .failure(let error): outcomes.append(.unusable(error.description))
                case .success(let cubin):
                    let run = try place.run(candidate.built, cubin)
                    if let objection = try place.check(run, isUsual: number == 0) {
                        outcomes.append(.unusable(objection))
                    } else {
                        runs.append((number, try place.graph(run)))
                        outcomes.append(.took(.infinity))
                    }
                }
            } catch {
                // A broken context can't try another one, and memory may be there the next time.
                if error.isSticky || error.code == .outOfMemory { throw error }
                outcomes.append(.unusable(error.description))
            }
            if number == 0, runs.isEmpty { break }
        }
        let times = try times(runs.map(\.graph), place)
        for (run, time) in zip(runs, times) { outcomes[run.candidate] = .took(time / Double(place.launchCount)) }
        return outcomes
    }

    /// Medians in microseconds.
    private func times(_ graphs: [CUDAGraphExecutable], _ place: TileWorkplace) throws(CUDAError) -> [Double] {
        var times = graphs.map { _ in [Double]() }
        // The first round warms up.
        for round in 0...rounds where !graphs.isEmpty {
            try place.refill()
            for turn in graphs.indices {
                let number = (turn + round) % graphs.count
                try begin.record(on: stream)
                try graphs[number].launch(on: stream)
                try end.record(on: stream)
                try end.synchronize()
                if round > 0 { times[number].append(try end.milliseconds(since: begin) * 1000) }
            }
        }
        return times.map { $0.sorted()[$0.count / 2] }
    }
}

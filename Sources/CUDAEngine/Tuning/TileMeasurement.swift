package import CUDADriver

/// Finds for each layer and batch size of a network the fastest of some tiles, by running them on the GPU.
package struct TileMeasurement: Sendable {
    /// How much is tried.
    package struct Settings: Sendable {
        /// After so long no other layer is begun; those left keep the table's choices.
        package var limit: Duration = .seconds(60)
        /// The most candidates of a layer at a batch size.
        package var candidates = 8
        /// How often each is timed; the median counts.
        package var rounds = 7
        /// The part of its time by which a candidate must beat the table's choice: less is noise.
        package var margin = 0.02
        /// The time since some moment.
        package var now: @Sendable () -> Duration = { [start = ContinuousClock.now] in ContinuousClock.now - start }

        package init() {}
    }

    /// What came of it.
    package struct Outcome: Sendable {
        /// What is faster than the table's choices.
        package var tiles = MeasuredTiles()
        /// All measurements, those that were known before included.
        package var timings: TileTimings
        /// The code of what was compiled on the way.
        package var cubins: [KernelVariant: [UInt8]] = [:]
        /// Layers at batch sizes: all that have a choice, those that were measured now, those that were known, and those for
        /// which something is faster than the table's choice.
        package var all = 0, measured = 0, known = 0, faster = 0
        /// What wasn't as wished, a line each.
        package var notes: [String] = []
    }

    private let compiler: EngineCompiler
    private let context: CUDAContext
    private let settings: Settings
    private let compile: @Sendable (KernelVariant) throws(CUDAEngineError) -> [UInt8]

    /// - Parameters:
    ///   - compiler: for which batches, and for which GPU.
    ///   - context: a GPU of that kind.
    ///   - settings: how much is tried.
    ///   - compile: gives a kernel's code; called from many threads.
    package init(
        _ compiler: EngineCompiler, on context: CUDAContext, settings: Settings = Settings(),
        compile: @escaping @Sendable (KernelVariant) throws(CUDAEngineError) -> [UInt8]
    ) {
        self.compiler = compiler
        self.context = context
        self.settings = settings
        self.compile = compile
    }

    /// Measures what isn't known, and chooses.
    ///
    /// - Parameters:
    ///   - network: the network.
    ///   - known: measurements of earlier builds on this GPU.
    ///   - progress: told how many of how many are done, from any thread; false ends it.
    /// - Returns: the choices.
    /// - Throws: `cancelled`, what the compiler throws for the network, or the driver's failure if the GPU is lost.
    package func run(
        _ network: FusedNetwork, known: TileTimings, progress: @escaping @Sendable (_ done: Int, _ count: Int) -> Bool
    ) throws(ResidentEngine.Failure) -> Outcome {
        let table = try compiled(network)
        let problems = TileProblem.all(of: table.plan, target: compiler.target, limit: settings.candidates)
        var outcome = Outcome(timings: known)
        outcome.all = problems.count
        let pending = problems.filter { !known.covers($0) }
        outcome.known = problems.count - pending.count
        try measure(pending, of: table, into: &outcome, progress)
        for problem in problems {
            guard let choice = outcome.timings.winner(of: problem, margin: settings.margin) else { continue }
            outcome.tiles.choices[problem.place] = choice
            outcome.faster += 1
        }
        return outcome
    }

    private func compiled(
        _ network: FusedNetwork
    ) throws(ResidentEngine.Failure) -> EngineCompiler.Result {
        do throws(CUDAEngineError) {
            return try compiler.compile(network)
        } catch {
            throw .engine(error)
        }
    }

    private func measure(
        _ problems: [TileProblem], of table: EngineCompiler.Result, into outcome: inout Outcome,
        _ progress: @escaping @Sendable (Int, Int) -> Bool
    ) throws(ResidentEngine.Failure) {
        guard !problems.isEmpty else { return }
        let now = settings.now
        let end = now() + settings.limit
        let bench: TileBench
        do throws(CUDAError) {
            bench = try TileBench(table.plan, weights: table.weights, on: context, rounds: settings.rounds)
        } catch {
            if error.isSticky { throw .driver(error) }
            outcome.notes.append("the table's are used, as nothing can be measured: \(error)")
            return
        }
        let kernels = TileKernels(compile)
        var done = 0
        for wave in Self.waves(problems) {
            let (began, count) = (done, problems.count)
            kernels.prepare(wave.flatMap { $0.candidates.map(\.built.variant) }) {
                now() >= end || !progress(began, count)
            }
            for problem in wave {
                guard progress(done, count) else { throw .engine(CUDAEngineError(.cancelled, "the build was stopped")) }
                let code = problem.candidates.compactMap { kernels.outcome(of: $0.built.variant) }
                // What wasn't compiled in time isn't measured.
                guard now() < end, code.count == problem.candidates.count else { break }
                try measure(problem, code, named: table.plan.steps[problem.steps[0]].name, with: bench, into: &outcome)
                done += 1
            }
            if now() >= end { break }
        }
        outcome.cubins = kernels.cubins
        if done < problems.count {
            outcome.notes.append(
                "the time for measuring is over: the table's are used for the \(problems.count - done) left; "
                    + "building again with --force measures these")
        }
    }

    private func measure(
        _ problem: TileProblem, _ code: [Result<[UInt8], CUDAEngineError>], named name: String, with bench: TileBench,
        into outcome: inout Outcome
    ) throws(ResidentEngine.Failure) {
        let results: [TileBench.Outcome]
        do throws(CUDAError) {
            results = try bench.outcomes(of: problem, code: code)
        } catch {
            if error.isSticky { throw .driver(error) }
            outcome.notes.append("'\(name)' at batch \(problem.batch) isn't measured: \(error)")
            return
        }
        if case .unusable(let why) = results.first {
            // Nothing is kept, so that the next build tries again.
            outcome.notes.append(
                "'\(name)' at batch \(problem.batch) isn't measured, as the table's own choice doesn't run: \(why)")
            return
        }
        outcome.measured += 1
        for (candidate, result) in zip(problem.candidates, results) {
            let key = TileTimings.Key(batch: problem.batch, variant: candidate.built.variant)
            switch result {
            case .took(let microseconds): outcome.timings.outcomes[key] = .took(microseconds)
            case .unusable(let why):
                outcome.timings.outcomes[key] = .unusable
                outcome.notes.append(
                    "a candidate for '\(name)' at batch \(problem.batch) is left out, "
                        + "\(candidate.built.variant.tileText): \(why)")
            }
        }
    }

    /// So many problems at a time that all cores have kernels to compile.
    private static func waves(_ problems: [TileProblem]) -> [ArraySlice<TileProblem>] {
        stride(from: 0, to: problems.count, by: 8).map { problems[$0..<min($0 + 8, problems.count)] }
    }
}

extension TileTimings {
    /// Whether each candidate of a problem was measured.
    func covers(_ problem: TileProblem) -> Bool {
        problem.candidates.allSatisfy { outcomes[Key(batch: problem.batch, variant: $0.built.variant)] != nil }
    }

    /// The fastest choice; nil where the table's is, or nothing beats it by more than the margin.
    func winner(of problem: TileProblem, margin: Double) -> KernelChoice? {
        func time(_ candidate: TileProblem.Candidate) -> Double? {
            guard case .took(let time) = outcomes[Key(batch: problem.batch, variant: candidate.built.variant)] else {
                return nil
            }
            return time
        }
        guard let usual = time(problem.candidates[0]) else { return nil }
        let best = problem.candidates.dropFirst()
            .compactMap { candidate in time(candidate).map { (candidate.choice, $0) } }.min { $0.1 < $1.1 }
        guard let best, best.1 < usual * (1 - margin) else { return nil }
        return best.0
    }
}

extension KernelVariant {
    /// For messages: the kernel with what is a tile's alone, without the layer's shape.
    var tileText: String {
        let shapes = ["C_", "IN_", "OUT_", "MEAN_", "SIZE", "STRIDE", "PADDING", "EPILOGUE"]
        let own = macros.filter { macro in !shapes.contains { macro.name.hasPrefix($0) } }
        return "\(source) (\(own.map { "\($0.name) \($0.value)" }.joined(separator: ", ")))"
    }
}

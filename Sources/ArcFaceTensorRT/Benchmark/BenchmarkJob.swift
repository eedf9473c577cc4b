import Evaluation
import Foundation

/// Times runtimes side by side.
package struct BenchmarkJob {
    /// What happens meanwhile.
    package typealias Event = ModelCheck.Event

    let options: Options
    let configuration: ArcFaceConfiguration
    let faces: BenchmarkFaces
    private let earlier: BenchmarkReport?

    /// Takes the faces; nothing is loaded yet.
    ///
    /// - Parameters:
    ///   - options: what is timed, and for how long.
    ///   - configuration: everything that the runtimes' names don't say.
    /// - Throws: `ArcFaceError` for a baseline that isn't among the runtimes, two runtimes of one name, an earlier run
    ///   that can't be read, or missing faces.
    package init(_ options: Options, configuration: ArcFaceConfiguration) throws(ArcFaceError) {
        try Options.check(options.runtimes, baselines: options.baselines)
        earlier = try options.compareWith.map { path throws(ArcFaceError) in try BenchmarkReport(path: path) }
        self.options = options
        self.configuration = configuration
        faces = try BenchmarkFaces(options.batchSizes.max() ?? 1, paths: options.faces, configuration: configuration)
    }

    /// Loads each runtime and measures all of them by turns.
    ///
    /// - Parameters:
    ///   - shouldStop: asked between turns; true ends the benchmark with what is there.
    ///   - building: told of an engine that has to be built first, from any thread.
    ///   - report: told what goes on.
    ///   - keep: given what is measured so far whenever a round ends that isn't the last, so that it can be written down.
    /// - Returns: the figures, and each cell's durations; nil if it was stopped before anything was measured.
    /// - Throws: `ArcFaceError` of the first runtime that can't be loaded or fails, and what `keep` throws.
    package func run(
        shouldStop: @escaping @Sendable () -> Bool = { false },
        building: @escaping @Sendable (EngineBuildJob.Event) -> Void = { _ in },
        report: (Event) -> Void = { _ in },
        keep: (BenchmarkRun) throws(ArcFaceError) -> Void = { _ in }
    ) throws(ArcFaceError) -> BenchmarkRun? {
        let observer = MachineObserver(usesGPU: usesGPU, configuration: configuration)
        if let earlier, let path = options.compareWith {
            try BenchmarkComparison.check(observer.machine, before: earlier.machine, at: path)
        }
        guard
            let field = try field(observer: observer, shouldStop: shouldStop, building: building, report: report)
        else { return nil }
        func result(_ more: [String]) throws(ArcFaceError) -> BenchmarkRun {
            let together = options.loadsTogether ? ["all were loaded at the same time, and waited for each other"] : []
            var run = BenchmarkRun(
                options, field: field, machine: observer.machine, faces: faces.label,
                notes: observer.notes + together + more)
            if let earlier, let path = options.compareWith {
                run.comparison = try BenchmarkComparison(run.report, with: earlier, at: path)
            }
            return run
        }
        report(.began("measuring"))
        var done = 0
        let total = options.rounds * options.batchSizes.count * field.entrants.count
        func progress() -> [String] { done < total ? ["after \(done) of \(total) turns"] : [] }
        for round in 0..<options.rounds {
            let isWhole = try measure(round, field.entrants, shouldStop: shouldStop) {
                observer.observe()
                done += 1
                report(.progress(done, of: total))
            }
            guard isWhole else { return done == 0 ? nil : try result(progress()) }
            if round < options.rounds - 1 { try keep(try result(progress())) }
        }
        return try result([])
    }

    /// Whether a GPU may be at work, and so NVIDIA's libraries are no surprise.
    private var usesGPU: Bool {
        let onGPU = configuration.onnxRuntime.device == .cuda || configuration.pyTorch.device == .cuda
        return options.runtimes.contains { runtime in
            if case .engine = runtime.source { return true }
            return onGPU || runtime.backend?.needsNVIDIALibraries ?? false
        }
    }

    /// Measures each runtime at each batch size once.
    ///
    /// - Returns: whether it came to the end.
    private func measure(
        _ round: Int, _ entrants: [BenchmarkEntrant], shouldStop: () -> Bool, turn: () -> Void
    ) throws(ArcFaceError) -> Bool {
        for place in options.batchSizes.indices {
            // Each runtime begins a round in its turn: who comes first or after whom shall not matter.
            for offset in entrants.indices {
                if shouldStop() { return false }
                let cell = entrants[(offset + round) % entrants.count].cells[place]
                if round == 0 { try cell.warmUp(seconds: options.warmUp) }
                try cell.measure(
                    seconds: options.duration / Double(options.rounds),
                    iterations: (options.iterations + options.rounds - 1) / options.rounds)
                turn()
            }
        }
        return true
    }
}

import Evaluation
import Foundation

/// Times runtimes side by side.
package struct BenchmarkJob {
    /// What happens meanwhile.
    package typealias Event = ModelCheck.Event

    private let options: Options
    private let configuration: ArcFaceConfiguration
    private let faces: BenchmarkFaces
    private let earlier: BenchmarkReport?

    /// Takes the faces; nothing is loaded yet.
    ///
    /// - Parameters:
    ///   - options: what is timed, and for how long.
    ///   - configuration: everything that the runtimes' names don't say.
    /// - Throws: `ArcFaceError` for a baseline that isn't among the runtimes, two runtimes of one name, an earlier run
    ///   that can't be read, or missing faces.
    package init(_ options: Options, configuration: ArcFaceConfiguration) throws(ArcFaceError) {
        let names = options.runtimes.map(\.name)
        for (place, name) in names.enumerated() where names.prefix(place).contains(name) {
            throw ArcFaceError(.configuration, "is named twice", at: name, mend: "name each runtime once")
        }
        for baseline in options.baselines where !names.contains(baseline) {
            throw ArcFaceError(
                .configuration, "the baseline is none of the runtimes", at: baseline,
                mend: "they are \(names.joined(separator: ", "))")
        }
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
    /// - Returns: the figures, and each cell's durations; nil if it was stopped before anything was measured.
    /// - Throws: `ArcFaceError` of the first runtime that can't be loaded or fails.
    package func run(
        shouldStop: @escaping @Sendable () -> Bool = { false },
        building: @escaping @Sendable (EngineBuildJob.Event) -> Void = { _ in },
        report: (Event) -> Void = { _ in }
    ) throws(ArcFaceError) -> BenchmarkRun? {
        let observer = MachineObserver(usesGPU: usesGPU, configuration: configuration)
        if let earlier, let path = options.compareWith {
            try BenchmarkComparison.check(observer.machine, before: earlier.machine, at: path)
        }
        var entrants: [BenchmarkEntrant] = []
        for name in options.runtimes {
            if shouldStop() { return nil }
            report(.began("loading \(name.name)"))
            entrants.append(
                try BenchmarkEntrant(
                    name, configuration: configuration, batchSizes: options.batchSizes, faces: faces,
                    observer: observer,
                    first: entrants.first, engines: BuiltEngines(shouldStop: shouldStop, report: building)))
        }
        report(.began("measuring"))
        guard try measure(entrants, observer: observer, shouldStop: shouldStop, report: report) else { return nil }
        var run = BenchmarkRun(
            options, entrants: entrants, machine: observer.machine, faces: faces.label, notes: observer.notes)
        if let earlier, let path = options.compareWith {
            run.comparison = try BenchmarkComparison(run.report, with: earlier, at: path)
        }
        return run
    }

    /// Whether a GPU may be at work, and so NVIDIA's libraries are no surprise.
    private var usesGPU: Bool {
        let onGPU = configuration.onnxRuntime.device == .cuda || configuration.pyTorch.device == .cuda
        return options.runtimes.contains { runtime in
            if case .engine = runtime.source { return true }
            return onGPU || runtime.backend?.needsNVIDIALibraries ?? false
        }
    }

    /// - Returns: whether every cell has something to tell.
    private func measure(
        _ entrants: [BenchmarkEntrant], observer: MachineObserver, shouldStop: () -> Bool, report: (Event) -> Void
    ) throws(ArcFaceError) -> Bool {
        let total = options.rounds * options.batchSizes.count * entrants.count
        var done = 0
        for round in 0..<options.rounds {
            for place in options.batchSizes.indices {
                // Each runtime begins a round in its turn: who comes first or after whom shall not matter.
                for turn in entrants.indices {
                    if shouldStop() { return entrants.allSatisfy { $0.cells.allSatisfy { !$0.durations.isEmpty } } }
                    let cell = entrants[(turn + round) % entrants.count].cells[place]
                    if round == 0 { try cell.warmUp(seconds: options.warmUp) }
                    try cell.measure(
                        seconds: options.duration / Double(options.rounds),
                        iterations: (options.iterations + options.rounds - 1) / options.rounds)
                    observer.observe()
                    done += 1
                    report(.progress(done, of: total))
                }
            }
        }
        return true
    }
}

import Synchronization
import TensorRT

/// How far a build is.
package struct EngineBuildProgress: Sendable {
    /// What TensorRT is doing, in its own words.
    package let phase: String
    /// The part that is done, 0…1, as TensorRT counts its steps; it never falls.
    package let fraction: Double
    /// Time since the build began.
    package let elapsed: Duration

    /// What is left at the speed so far; nil while too little is done to tell.
    package var timeLeft: Duration? {
        guard fraction >= 0.02 else { return nil }
        return elapsed * ((1 - fraction) / fraction)
    }
}

/// Adds TensorRT's nested phases up to one number. Any thread may call.
final class BuildProgressTally: Sendable {
    private struct Phase {
        var parent: String?
        var step: Int
        var steps: Int
    }

    private struct State {
        var phases: [String: Phase] = [:]
        var fraction = 0.0
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// Takes a report and gives the whole.
    func add(_ report: BuildProgress) -> EngineBuildProgress {
        let fraction = state.withLock { state in
            // A step that is done takes the phases inside it along.
            if let known = state.phases[report.phase], report.step > known.step {
                Self.removeChildren(of: report.phase, from: &state.phases)
            }
            state.phases[report.phase] = Phase(parent: report.parent, step: report.step, steps: report.steps)
            let total =
                state.phases.filter { $0.value.parent == nil }
                .map { Self.fraction(of: $0.key, in: state.phases, depth: 0) }.max() ?? 0
            state.fraction = max(state.fraction, total)
            return state.fraction
        }
        return EngineBuildProgress(phase: report.phase, fraction: fraction, elapsed: ContinuousClock.now - start)
    }

    private static func removeChildren(of name: String, from phases: inout [String: Phase]) {
        for child in phases.filter({ $0.value.parent == name && $0.key != name }).map(\.key) {
            phases[child] = nil
            removeChildren(of: child, from: &phases)
        }
    }

    private static func fraction(of name: String, in phases: [String: Phase], depth: Int) -> Double {
        guard let phase = phases[name], phase.steps > 0, depth < 16 else { return 0 }
        // A phase inside the step under way counts for a part of that step.
        let inside =
            phases.filter { $0.value.parent == name && $0.key != name }
            .map { fraction(of: $0.key, in: phases, depth: depth + 1) }.max() ?? 0
        return min(1, (Double(phase.step) + inside) / Double(phase.steps))
    }
}

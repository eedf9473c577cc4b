extension BenchmarkJob {
    /// What is timed, and for how long.
    package struct Options: Sendable {
        /// The runtimes, side by side.
        package var runtimes: [NamedRuntime]
        /// Faces of a call.
        package var batchSizes: [Int]
        /// Photos or crops to embed; none takes the demo's faces, and noise where the demo isn't installed.
        package var faces: [String]
        /// Seconds that each runtime is measured at each batch size, in all rounds together.
        package var duration: Double
        /// Calls that are measured at least.
        package var iterations: Int
        /// Seconds that each runtime is warmed up at each batch size.
        package var warmUp: Double
        /// Turns in which the runtimes are measured, so that what drifts hits all alike.
        package var rounds: Int
        /// Names of the runtimes that others are measured by; none takes pytorch's, or else the first runtime.
        package var baselines: [String]
        /// An earlier run's JSON to compare with.
        package var compareWith: String?
        /// The peak of arithmetic in TFLOP a second, where it isn't known or another shall count.
        package var peakTFLOPS: Double?
        /// The peak of memory in GB a second, likewise.
        package var peakGBs: Double?
        /// Whether a runtime that can't start is left out, and named in the report, instead of ending the benchmark.
        package var skipsUnavailable: Bool
        /// Whether all runtimes are loaded at the same time: sooner done, but their memory can't be told apart.
        package var loadsTogether: Bool

        /// What is timed; see the properties. Duration and warm-up are trtexec's.
        package init(
            runtimes: [NamedRuntime], batchSizes: [Int], faces: [String] = [], duration: Double = 3,
            iterations: Int = 10, warmUp: Double = 0.2, rounds: Int = 5, baselines: [String] = [],
            compareWith: String? = nil, peakTFLOPS: Double? = nil, peakGBs: Double? = nil,
            skipsUnavailable: Bool = false, loadsTogether: Bool = false
        ) {
            self.runtimes = runtimes
            self.batchSizes = batchSizes
            self.faces = faces
            self.duration = duration
            self.iterations = iterations
            self.warmUp = warmUp
            self.rounds = rounds
            self.baselines = baselines
            self.compareWith = compareWith
            self.peakTFLOPS = peakTFLOPS
            self.peakGBs = peakGBs
            self.skipsUnavailable = skipsUnavailable
            self.loadsTogether = loadsTogether
        }

        /// Refuses names that make no sense together.
        ///
        /// - Throws: `ArcFaceError` for two runtimes of one name, and for a baseline that isn't among the runtimes.
        package static func check(_ runtimes: [NamedRuntime], baselines: [String]) throws(ArcFaceError) {
            let names = runtimes.map(\.name)
            for (place, name) in names.enumerated() where names.prefix(place).contains(name) {
                throw ArcFaceError(.configuration, "is named twice", at: name, mend: "name each runtime once")
            }
            for baseline in baselines where !names.contains(baseline) {
                throw ArcFaceError(
                    .configuration, "the baseline is none of the runtimes", at: baseline,
                    mend: "they are \(names.joined(separator: ", "))")
            }
        }
    }
}

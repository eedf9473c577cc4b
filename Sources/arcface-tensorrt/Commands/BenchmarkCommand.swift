import ArcFaceTensorRT
import ArgumentParser

struct BenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Time runtimes side by side, and tell how much faster each is than PyTorch.",
        discussion: """
            A runtime is BACKEND[:PRECISION][@FILE]: onnxruntime, onnxruntime:int8, tensorrt:fp16, tensorrt@engine.plan, cuda, or pytorch with \
            one of its modes (fp32: strict; tf32: PyTorch's default on a GPU; fp16; compile-fp16). All are loaded, run once at each batch size, \
            warmed up, and then measured by turns, so that a clock that drifts hits all alike. A call is what a caller sees: faces in host \
            memory in, embeddings out; copying and computing are told apart where the runtime can (CUDA events).

            Others are measured by pytorch:tf32 and pytorch:fp32, whichever runs; by the first runtime where neither does.

            The percentage of the roofline is the least time that arithmetic or memory allow at the GPU's peak (data-centre GPUs are known; \
            --peak-tflops and --peak-gbs set others) over the time that computing took.

            Exit codes: 0 done; 64 wrong command line; 65 unusable model, or an earlier run of another machine or model; 66 missing model, faces \
            or earlier run; 69 runtime unavailable; 70 a runtime failed; 73 or 74 output can't be written; 78 wrong configuration; \
            130 interrupted (what was measured is printed).
            """)

    @Option(
        name: [.customLong("runtime")],
        help: ArgumentHelp("A runtime to time; may be repeated (default: pytorch and auto).", valueName: "runtime"),
        transform: RuntimeName.named)
    var runtimes: [NamedRuntime] = []

    @Option(help: ArgumentHelp("The model (configuration: tensorrt.onnx_path).", valueName: "file.onnx"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Faces a call (default: 1,8,32; configuration: benchmark.batch_sizes).", valueName: "batch-sizes"),
        transform: Self.sizes)
    var batchSizes: [Int]?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Photos or aligned crops to embed (default: the demo's, varied).", valueName: "path"))
    var faces: [String] = []

    @Option(help: "Seconds to measure each runtime at each batch size, at least.")
    var duration = 3.0

    @Option(help: "Calls to measure, at least.")
    var iterations = 10

    @Option(help: "Milliseconds to warm up.")
    var warmUp = 200

    @Option(help: "Turns in which the runtimes are measured.")
    var rounds = 5

    @Flag(help: "Leave out a runtime that can't start, and say why, instead of ending.")
    var skipUnavailable = false

    @Flag(help: "Load all runtimes but engines at the same time: sooner done, but loading times and memory say less.")
    var loadTogether = false

    @Option(
        name: [.customLong("baseline")],
        help: ArgumentHelp("A runtime that others are measured by; may be repeated.", valueName: "runtime"))
    var baselines: [String] = []

    @OptionGroup(title: "Where") var place: BenchmarkPlaceOptions

    @OptionGroup(title: "Output") var output: BenchmarkOutputOptions

    @OptionGroup(title: "Configuration") var settings: SettingsOptions

    func validate() throws {
        if !(0.001...3600).contains(duration) { throw ValidationError("--duration \(duration): must be 0.001…3600") }
        if !(1...1_000_000).contains(iterations) {
            throw ValidationError("--iterations \(iterations): must be 1…1000000")
        }
        if !(0...3_600_000).contains(warmUp) { throw ValidationError("--warm-up \(warmUp): must be 0…3600000") }
        if !(1...1000).contains(rounds) { throw ValidationError("--rounds \(rounds): must be 1…1000") }
        do throws(ArcFaceError) {
            try BenchmarkJob.Options.check(named, baselines: baselines)
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() throws {
        let status = StatusLine()
        let interrupt = Interrupt { status.message("stopping after this turn (again to stop at once)") }
        try Failure.reported {
            let loaded = try settings.load(overrides: overrides)
            for note in loaded.notes { status.message("note: \(note)") }
            let options = options(loaded.configuration)
            try output.check()
            let job = try BenchmarkJob(options, configuration: loaded.configuration)
            var began = ContinuousClock.now
            let run = try job.run(
                shouldStop: { interrupt.isRequested }, building: { status.show($0) },
                report: { event in
                    switch event {
                    case .failed(let text): status.message("failed: \(text)")
                    case .began(let step):
                        began = ContinuousClock.now
                        status.message(step)
                    case .progress(let done, let total):
                        status.progress(TurnsText(done: done, total: total, elapsed: ContinuousClock.now - began))
                    }
                }, keep: { (run) throws(ArcFaceError) in try output.keep(run) })
            status.end()
            guard let run else { throw ExitCode(ExitStatus.interrupted) }
            for runtime in run.report.runtimes {
                for warning in runtime.warnings { status.message("warning: \(runtime.name): \(warning)") }
            }
            try output.write(run)
            if interrupt.isRequested { throw ExitCode(ExitStatus.interrupted) }
        }
    }

    private var overrides: [ConfigurationOverride] {
        [
            model.map { ConfigurationOverride(key: "tensorrt.onnx_path", value: $0, option: "--model") },
            model.map {
                ConfigurationOverride(
                    key: "tensorrt.model_name", value: ModelFileName.engineName($0), option: "--model")
            },
        ].compactMap { $0 } + place.overrides
    }

    private var named: [NamedRuntime] {
        runtimes.isEmpty ? [NamedRuntime(.pyTorch), NamedRuntime(.auto)] : runtimes
    }

    private func options(_ configuration: ArcFaceConfiguration) -> BenchmarkJob.Options {
        BenchmarkJob.Options(
            runtimes: named, batchSizes: batchSizes ?? configuration.benchmark.batchSizes, faces: faces,
            duration: duration, iterations: iterations, warmUp: Double(warmUp) / 1000, rounds: rounds,
            baselines: baselines, compareWith: output.compareWith, peakTFLOPS: place.peakTflops,
            peakGBs: place.peakGbs, skipsUnavailable: skipUnavailable, loadsTogether: loadTogether)
    }

    /// `1,8,32` as numbers.
    @Sendable private static func sizes(_ text: String) throws -> [Int] {
        let sizes = text.split(separator: ",").map { Int($0) ?? 0 }
        guard !sizes.isEmpty, sizes.allSatisfy((1...4096).contains), Set(sizes).count == sizes.count else {
            throw ValidationError("this is no list of batch sizes (1…4096 each, such as 1,8,32)")
        }
        return sizes.sorted()
    }
}

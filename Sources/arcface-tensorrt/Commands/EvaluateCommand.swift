import ArcFaceTensorRT
import ArgumentParser

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Tell how well a model tells people apart, and what another runtime or precision costs.",
        discussion: """
            --pairs is a list of pairs of photos: LFW's pairs.txt, or a line 'A B 1' (one person) or 'A B 0' (two people) a pair. A photo is \
            named by its path below --faces, with or without suffix, or by its bare name. Photos are detected and aligned (the largest face \
            counts); 112×112 images count as aligned crops.

            Accuracy is LFW's: each fold is judged with the threshold that is best on the others. TAR at a FAR is the part of one person's pairs \
            that is accepted where at most that part of two people's pairs is; a FAR that stands for fewer than 10 pairs isn't told.

            --against names another runtime, BACKEND[:PRECISION][@FILE], such as onnxruntime@mbf-int8.onnx: the figures of both (A and B), \
            those of a gallery of A searched with probes of B (A × B), and the shift of each with its interval.

            Exit codes: 0 done; 1 with --strict, if a photo gave no face; 64 wrong command line; 65 unusable pairs or model; 66 missing pairs, \
            photos or model; 69 library unavailable; 70 runtime failed; 73 or 74 output can't be written; 78 wrong configuration; \
            130 interrupted.
            """)

    @Option(help: ArgumentHelp("The pairs.", valueName: "file"))
    var pairs: String

    @Option(help: ArgumentHelp("The folder with the photos that the pairs name.", valueName: "folder"))
    var faces: String

    @Option(
        help: ArgumentHelp("Another runtime to measure beside the first.", valueName: "runtime"),
        transform: RuntimeName.named)
    var against: NamedRuntime?

    @Flag(help: "Embed each face mirrored too, and add both embeddings.")
    var flip = false

    @Flag(help: "All photos must be aligned 112×112 crops.")
    var aligned = false

    @Option(help: "Deal the pairs to so many folds (default: the file's own, else \(VerificationJob.dealtFolds)).")
    var folds: Int?

    @Flag(help: "Leave out pairs whose photos aren't there.")
    var allowMissing = false

    @Option(help: "Bootstrap samples for the 95 % intervals; 0 draws none.")
    var samples = VerificationJob.Options.defaultSamples

    @Option(help: "Which samples are drawn.")
    var seed: UInt64 = 0

    @Flag(help: "Exit with 1 if a photo gave no face.")
    var strict = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: ArgumentHelp("Write each pair's scores as CSV.", valueName: "file.csv"))
    var scores: String?

    @Option(help: ArgumentHelp("Write a page with figures, curves and histograms.", valueName: "file.html"))
    var report: String?

    @OptionGroup(title: "Model") var model: ModelOptions

    @OptionGroup(title: "PyTorch") var pyTorch: PyTorchOptions

    @OptionGroup(title: "Configuration") var settings: SettingsOptions

    func validate() throws {
        if let folds, !(2...1000).contains(folds) { throw ValidationError("--folds \(folds): must be 2…1000") }
        if !(0...1_000_000).contains(samples) { throw ValidationError("--samples \(samples): must be 0…1000000") }
    }

    func run() throws {
        let status = StatusLine()
        let interrupt = Interrupt { status.message("stopping (again to stop at once)") }
        let result = try Failure.reported { () throws -> VerificationReport in
            let loaded = try settings.load(overrides: model.overrides + pyTorch.overrides(runtime: model))
            for note in loaded.notes { status.message("note: \(note)") }
            let job = try VerificationJob(
                options(), configuration: loaded.configuration, shouldStop: { interrupt.isRequested },
                building: { status.show($0) })
            for warning in job.warnings { status.message("warning: \(warning)") }
            let progress = StepProgress(status)
            let result = try job.run { progress.show($0) }
            status.end()
            try StandardOutput.write(json ? result.json : VerificationText(result).text)
            return result
        }
        if strict, !result.failures.isEmpty { throw ExitCode(ExitStatus.failed) }
    }

    private func options() throws -> VerificationJob.Options {
        VerificationJob.Options(
            pairsPath: pairs, facesFolder: faces, aligned: aligned, flip: flip,
            against: against, folds: folds,
            allowsMissing: allowMissing, samples: samples, seed: seed, scoresPath: scores, reportPath: report)
    }
}

import ArcFaceTensorRT
import ArgumentParser
import Foundation

struct EmbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Embed the faces of photos.",
        discussion: """
            A PATH is a JPEG or PNG photo, a folder (searched recursively, in sorted order), or a list file (.txt or .lst, one path a line). \
            Faces are detected with YuNet, aligned to ArcFace's 112×112 template, and embedded.

            OUT.npz holds embeddings (float32 [N,D], unit length), norms, boxes (x, y, width, height), landmarks, scores and image_index; \
            OUT.npy the embeddings alone; OUT.jsonl one JSON object a face. Beside .npz and .npy lies OUT.jsonl, which names image and error \
            row by row.

            With --precision int8 a float32 model is first calibrated on --calibration-faces, as `model prepare --target onnxruntime` does it; \
            scales and the choice of layers are kept beside the model for the next time.

            A bad input costs one line on standard error and the job goes on. Ctrl-C finishes what was begun; --resume completes it.

            Exit codes: 0 done; 1 nothing embedded, or an input failed with --strict; 64 wrong command line; 65 unusable model or data; \
            66 missing input or model; 69 library or GPU unavailable; 70 runtime failed; 73 output can't be created; 74 writing failed; \
            78 wrong configuration; 130 interrupted.
            """)

    @Argument(help: ArgumentHelp("Photos, folders or list files.", valueName: "path"))
    var paths: [String]

    @Option(name: [.short, .long], help: "Where the embeddings go: OUT.npz, OUT.npy or OUT.jsonl.")
    var output: String

    @OptionGroup(title: "Model") var model: ModelOptions

    @Option(
        help: ArgumentHelp(
            "Where no engine fits: build it first (foreground), embed with onnxruntime until it is built (background), or don't build (off) (configuration: embedding.auto_build).",
            valueName: "when"))
    var autoBuild: String?

    @Option(
        help: ArgumentHelp(
            "The GPUs that run the engine, such as 0,1 (default: 0; configuration: tensorrt.gpus).",
            valueName: "list"))
    var gpus: String?

    @Option(name: .customLong("devices"), help: .hidden, transform: OldOption.refuse("--gpus"))
    var devices: String?

    @OptionGroup(title: "PyTorch") var pyTorch: PyTorchOptions

    @OptionGroup(title: "Faces") var faces: FaceOptions

    @Option(help: "Faces a batch (default: \(EmbedJob.Options.defaultBatchSize)).")
    var batchSize: Int?

    @Flag(help: "Go on where an interrupted or failed job with the same output stopped.")
    var resume = false

    @Flag(help: "Exit with 1 if any input failed.")
    var strict = false

    @Option(help: ArgumentHelp("Write a page with photos, boxes, crops and the cosine matrix.", valueName: "file.html"))
    var report: String?

    @Option(help: ArgumentHelp("Write the aligned crops as PNG files into this folder.", valueName: "folder"))
    var crops: String?

    @Flag(help: "Print a row a face, and the cosine between every two of up to \(Self.matrixLimit) faces.")
    var show = false

    @Flag(help: "Print a summary as one JSON object.")
    var json = false

    @OptionGroup(title: "Configuration") var settings: SettingsOptions

    /// A larger matrix fits no terminal.
    static let matrixLimit = 16

    func validate() throws {
        if let batchSize, !(1...4096).contains(batchSize) {
            throw ValidationError("--batch-size \(batchSize): must be 1…4096")
        }
        if faces.aligned && faces.landmarks != nil {
            throw ValidationError("--aligned and --landmarks exclude each other: aligned crops need no landmarks")
        }
    }

    func run() throws {
        let status = StatusLine()
        let interrupt = Interrupt { status.message("stopping: finishing what was begun (again to stop at once)") }
        try Failure.reported {
            let loaded = try settings.load(
                overrides: model.overrides + pyTorch.overrides(runtime: model) + faces.overrides + overrides)
            for note in loaded.notes { status.message("note: \(note)") }
            let job = try EmbedJob(
                options: options, configuration: loaded.configuration, shouldStop: { interrupt.isRequested },
                building: { status.show($0) })
            status.end()
            for warning in job.warnings { status.message("warning: \(warning)") }
            for line in job.introduction { status.message(line) }
            let table = FaceTable(limit: Self.matrixLimit)
            let summary = try job.run(
                shouldStop: { interrupt.isRequested },
                progress: { progress in
                    for failure in progress.newFailures { status.message("failed: \(failure)") }
                    if show { table.add(progress.newRows) }
                    status.progress(ProgressText(progress))
                })
            status.end()
            status.message(summary.sentence)
            if show { try StandardOutput.write(table.text) }
            if json { try StandardOutput.write(summary.json) }
            try exit(for: summary)
        }
    }

    private var overrides: [ConfigurationOverride] {
        [
            autoBuild.map {
                ConfigurationOverride(key: "embedding.auto_build", value: $0, option: "--auto-build")
            },
            gpus.map { ConfigurationOverride(key: "tensorrt.gpus", value: $0, option: "--gpus") },
        ].compactMap { $0 }
    }

    private var options: EmbedJob.Options {
        EmbedJob.Options(
            paths: paths, output: output, aligned: faces.aligned, largestOnly: faces.faces == .largest,
            landmarksPath: faces.landmarks, batchSize: batchSize, resume: resume, report: report, cropsFolder: crops)
    }

    private func exit(for summary: EmbedJob.Summary) throws {
        if summary.interrupted { throw ExitCode(ExitStatus.interrupted) }
        if summary.alreadyComplete { return }
        if summary.faces == 0 || (strict && summary.failed > 0) { throw ExitCode(ExitStatus.nothingEmbedded) }
    }
}

extension ProgressText {
    init(_ progress: EmbedJob.Progress) {
        self.init(
            done: progress.done, total: progress.total, faces: progress.faces, failures: progress.failed,
            elapsed: progress.elapsed, doneNow: progress.doneNow)
    }
}

import ArcFaceTensorRT
import ArgumentParser
import Foundation

struct ModelPrepareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Write the file that runtimes take: mended, with preprocessing and precision in the graph.",
        discussion: """
            Whatever the exporter wrote, OUT takes faces (uint8 [N,112,112,3], BGR) and gives embedding (float32 [N,D]). Preprocessing is \
            found in the graph or taken from the configuration. Embeddings are those of FILE within rounding.

            fp16 makes weights and values float16. Nodes whose weights it can't hold stay in float32, and with --calibration-faces also \
            those whose values leave its range on these faces; each is listed.

            int8 needs --calibration-faces: scales are measured on three of four. Where the others agree too little with float32 \
            (comparison.int8), the most sensitive layers stay in float32; each is listed. Scales and choice are kept beside FILE for the next \
            time. Equal models and faces give equal files, unless --time-limit cuts the search short.

            Ctrl-C cancels; OUT stays as it was.

            A file that was prepared before stays as it is, if it has the precision; from fp16 and int8 nothing else can be made.

            Exit codes: 0 done; 64 wrong command line; 65 unusable model; 66 missing model or faces; 69 library unavailable; 70 runtime \
            failed; 73 OUT can't be created; 78 wrong configuration; 130 interrupted.
            """)

    @Argument(help: ArgumentHelp("The ArcFace model.", valueName: "file.onnx"))
    var file: String

    @Option(name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "out.onnx"))
    var output: String

    @Option(help: "The number format.")
    var precision: Format

    @Option(
        help: ArgumentHelp(
            "Who will run it: tensorrt (any other can too), or onnxruntime on a CPU, which is faster with other PReLUs."
        ))
    var target: ModelPreparation.Target = .tensorrt

    @OptionGroup(title: "Calibration") var calibration: CalibrationOptions

    @Flag(help: "Print a summary as one JSON object.")
    var json = false

    @OptionGroup(title: "Configuration") var settings: SettingsOptions

    /// `Precision` on the command line.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case fp32, fp16, int8

        var precision: Precision {
            switch self {
            case .fp32: .fp32
            case .fp16: .fp16
            case .int8: .int8
            }
        }
    }

    func run() throws {
        let status = StatusLine()
        let interrupt = Interrupt { status.message("stopping (again to stop at once)") }
        try Failure.reported {
            let loaded = try settings.load(overrides: calibration.overrides)
            for note in loaded.notes { status.message("note: \(note)") }
            let preparation = ModelPreparation(
                options: ModelPreparation.Options(
                    source: file, output: output, precision: precision.precision, target: target,
                    calibration: calibration.calibration),
                configuration: loaded.configuration,
                hooks: PreparationHooks(
                    message: { status.message($0) }, progress: { status.show(.progress($0)) },
                    shouldStop: { interrupt.isRequested }))
            let summary = try preparation.run()
            status.end()
            for note in summary.notes { status.message(note) }
            status.message(summary.sentence)
            if json { try StandardOutput.write(summary.json) }
        }
    }
}

/// The faces on which values are measured.
struct CalibrationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Photos, a folder or a list file on which values are measured; may be given several times. 112×112 images count as aligned crops.",
            valueName: "path"))
    var calibrationFaces: [String] = []

    @Option(
        help: ArgumentHelp(
            "Faces to measure on; fewer are an error (default: up to 64 for fp16, 512 for int8).", valueName: "n"))
    var calibrationCount: Int?

    @Option(help: "How int8 finds where to clip.")
    var calibrationMethod: ModelPreparation.Calibration.Method = .mse

    @Option(
        help: ArgumentHelp(
            "Minutes that int8 may search for layers to leave in float32; then the next choice that is good enough is taken.",
            valueName: "minutes"))
    var timeLimit = 10.0

    @Flag(help: "Calibration faces are 112×112 crops, aligned already; other images are refused.")
    var aligned = false

    @Option(
        help: ArgumentHelp("The YuNet face detector (configuration: detection.model_path).", valueName: "file.onnx"))
    var detector: String?

    @Option(help: "Worker threads; 0 takes all cores (default: 0).")
    var threads: Int?

    func validate() throws {
        if let calibrationCount, !(1...1_000_000).contains(calibrationCount) {
            throw ValidationError("--calibration-count \(calibrationCount): must be 1…1000000")
        }
        guard (0...100_000).contains(timeLimit) else {
            throw ValidationError("--time-limit \(timeLimit): must be 0…100000 minutes")
        }
        if calibrationFaces.isEmpty, aligned || calibrationCount != nil {
            throw ValidationError("--aligned and --calibration-count belong to --calibration-faces, which is missing")
        }
    }

    var calibration: ModelPreparation.Calibration? {
        calibrationFaces.isEmpty
            ? nil
            : ModelPreparation.Calibration(
                faces: calibrationFaces, count: calibrationCount, aligned: aligned, method: calibrationMethod,
                timeLimit: .seconds(timeLimit * 60))
    }

    var overrides: [ConfigurationOverride] {
        [
            detector.map { ConfigurationOverride(key: "detection.model_path", value: $0, option: "--detector") },
            threads.map { ConfigurationOverride(key: "onnxruntime.threads", value: "\($0)", option: "--threads") },
        ].compactMap { $0 }
    }
}

extension ModelPreparation.Target: ExpressibleByArgument {}

extension ModelPreparation.Calibration.Method: ExpressibleByArgument {}

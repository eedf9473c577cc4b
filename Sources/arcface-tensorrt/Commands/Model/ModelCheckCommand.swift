import ArcFaceTensorRT
import ArgumentParser

struct ModelCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell how well two models agree on the same faces, and where they don't.",
        discussion: """
            A is the model that is right, B the one that is judged by it: any two ONNX face models or prepared files of one embedding width. \
            Both are prepared alike (files that are prepared already stay as they are) and run in ONNX Runtime on the CPU.

            Faces are photos, which are detected and aligned, and 112×112 images, which count as aligned crops. Without --faces, the six \
            faces of the demo are varied by mirroring, shifts, gain and blur.

            --layers compares the values inside both graphs and names the first in which B leaves A. Values are matched by name, or by order \
            and shape where two exports have other names.

            Exit codes: 0 PASS or WARN; 1 FAIL; 2 WARN with --strict; 64 wrong command line; 65 unusable model, different widths or too few \
            faces; 66 missing model or faces; 69 library unavailable; 70 runtime failed; 78 wrong configuration.
            """)

    @Argument(help: ArgumentHelp("The model that is right.", valueName: "a.onnx"))
    var reference: String

    @Argument(help: ArgumentHelp("The model that is judged by it.", valueName: "b.onnx"))
    var candidate: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Photos, aligned crops, folders or list files.", valueName: "path"))
    var faces: [String] = []

    @Option(
        help: ArgumentHelp(
            "Faces to compare, evenly spread; fewer are an error (default: what there is, up to comparison.n_samples).",
            valueName: "n"))
    var nSamples: Int?

    @Flag(help: "All images must be aligned 112×112 crops.")
    var aligned = false

    @Flag(help: "Compare layer by layer too, on up to \(ModelCheck.layerFaces) of the faces.")
    var layers = false

    @Option(
        help: ArgumentHelp(
            "Relative L2 error beyond which a layer differs (default: 0.001, with fp16 0.02, with int8 0.25).",
            valueName: "x"))
    var layerThreshold: Double?

    @Flag(help: "Exit with 2 if the verdict is WARN.")
    var strict = false

    @Flag(help: "Print one JSON object, with all layers.")
    var json = false

    @Option(
        help: ArgumentHelp("The YuNet face detector (configuration: detection.model_path).", valueName: "file.onnx"))
    var detector: String?

    @Option(help: "Worker threads; 0 takes all cores.")
    var threads: Int?

    @OptionGroup(title: "Configuration") var settings: SettingsOptions

    func validate() throws {
        if let nSamples, !(1...1_000_000).contains(nSamples) {
            throw ValidationError("--n-samples \(nSamples): must be 1…1000000")
        }
        if let layerThreshold, !(layerThreshold > 0) {
            throw ValidationError("--layer-threshold \(layerThreshold): must be above 0")
        }
        if aligned && faces.isEmpty { throw ValidationError("--aligned: name the crops with --faces") }
    }

    func run() throws {
        let status = StatusLine()
        let report = try Failure.reported { () throws -> ModelCheckReport in
            let loaded = try settings.load(overrides: overrides)
            for note in loaded.notes { status.message("note: \(note)") }
            let check = try ModelCheck(options(loaded.configuration), configuration: loaded.configuration)
            let progress = StepProgress(status)
            let report = try check.run { progress.show($0) }
            status.end()
            return report
        }
        try Failure.reported {
            try StandardOutput.write(json ? report.json : ModelCheckText(report).text)
        }
        switch report.verdict {
        case .pass: return
        case .warn: if strict { throw ExitCode(ExitStatus.doubtful) }
        case .fail: throw ExitCode(ExitStatus.failed)
        }
    }

    private var overrides: [ConfigurationOverride] {
        [
            detector.map { ConfigurationOverride(key: "detection.model_path", value: $0, option: "--detector") },
            threads.map { ConfigurationOverride(key: "onnxruntime.threads", value: "\($0)", option: "--threads") },
        ].compactMap { $0 }
    }

    private func options(_ configuration: ArcFaceConfiguration) -> ModelCheck.Options {
        ModelCheck.Options(
            reference: reference, candidate: candidate,
            faces: FaceSource.Options(
                paths: faces, count: nSamples ?? configuration.comparison.sampleCount, allowsFewer: nSamples == nil,
                aligned: aligned),
            comparesLayers: layers, layerThreshold: layerThreshold)
    }
}

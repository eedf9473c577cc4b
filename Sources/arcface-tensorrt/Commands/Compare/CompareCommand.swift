import ArcFaceTensorRT
import ArgumentParser

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Tell whether an engine or a converted model gives the embeddings of the original.",
        discussion: """
            The candidate and the reference embed the same faces. The reference is the repaired fp32 graph of the ONNX file in PyTorch; where \
            PyTorch isn't found, in ONNX Runtime, which is said. The verdict is PASS, WARN or FAIL by the thresholds under comparison in the \
            configuration (comparison.int8 for int8), the worst of mean cosine, least cosine and mean L2. Each slot of batches of 1, 8 and 32 \
            is held against its face alone.

            If the verdict isn't PASS, or both sides compute in fp32 and differ by more than rounding, the cause is looked for: the \
            reference is run again with the channels swapped, with other means and scales, normalised twice, mirrored, with other epsilons, \
            and with its rows in another order. What restores the agreement is named. If nothing does, the first layer that differs is.

            Faces are photos, which are detected and aligned, and 112×112 images, which count as aligned crops. Without --faces, \
            comparison.faces of the configuration; without that, the six faces of the demo, varied by mirroring, shifts, gain and blur.

            Exit codes: 0 PASS or WARN; 1 FAIL; 2 WARN with --strict; 64 wrong command line; 65 unusable model, different widths or too few \
            faces; 66 missing model or faces; 69 library or GPU unavailable; 70 runtime failed; 73 report can't be written; 78 wrong \
            configuration; 130 interrupted.
            """)

    @OptionGroup(title: "What is compared") var sides: ComparedSides

    @OptionGroup(title: "Faces") var faces: ComparedFaces

    @Flag(help: "Exit with 2 if the verdict is WARN.")
    var strict = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write a page with the figures, the cosines' distribution, the worst faces and the diagnosis.",
            valueName: "file.html"))
    var report: String?

    @Option(help: "Worker threads; 0 takes all cores.")
    var threads: Int?

    @OptionGroup(title: "Configuration") var settings: SettingsOptions

    func run() throws {
        let status = StatusLine()
        let interrupt = Interrupt { status.message("stopping (again to stop at once)") }
        let report = try Failure.reported { () throws -> ComparisonReport in
            let loaded = try settings.load(overrides: sides.overrides + faces.overrides + overrides)
            for note in loaded.notes { status.message("note: \(note)") }
            let comparison = try Comparison(
                Comparison.Options(
                    candidate: sides.named, reference: sides.reference.map(\.backend),
                    referenceModel: sides.referenceOnnx, faces: faces.options(loaded.configuration)),
                configuration: loaded.configuration,
                hooks: PreparationHooks(report: { status.show($0) }, shouldStop: { interrupt.isRequested }))
            for warning in comparison.warnings { status.message("warning: \(warning)") }
            let progress = StepProgress(status)
            let report = try comparison.run { progress.show($0) }
            status.end()
            return report
        }
        try Failure.reported {
            if let path = self.report {
                try report.writePage(to: path)
                status.message("report: \(path)")
            }
            try StandardOutput.write(json ? report.json : CompareText(report).text)
        }
        switch report.verdict {
        case .pass: return
        case .warn: if strict { throw ExitCode(ExitStatus.doubtful) }
        case .fail: throw ExitCode(ExitStatus.failed)
        }
    }

    private var overrides: [ConfigurationOverride] {
        threads.map { [ConfigurationOverride(key: "onnxruntime.threads", value: "\($0)", option: "--threads")] } ?? []
    }
}

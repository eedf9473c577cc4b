import ArcFaceTensorRT
import ArgumentParser
import Foundation

struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build an engine from an ArcFace model, or find the one that fits.",
        discussion: """
            Mends the model, writes preprocessing and precision into the graph, and lets TensorRT build: profiles tuned for one face, for 8 \
            and for the largest batch. The engine becomes {model}-{precision}-{sm}.plan ({model}-{precision}-rtx.plan for TensorRT-RTX) in \
            the folder of engines, its manifest {…}.plan.json beside it. An engine that fits is used again; if one doesn't, the \
            reason is told. Processes that want the same engine wait for the one that builds it.

            TensorRT (8.6, 10 or 11) builds on the machine that shall run the engine. TensorRT-RTX needs no GPU to build. Neither does \
            --runtime cuda, this package's own kernels for IResNet, MobileFaceNet and SFace: it needs NVRTC to build and the driver alone \
            to run; the engine becomes {model}-{precision}-{sm}.cuda.plan. They compute in fp16; with --precision fp32 slowly and exactly, to \
            tell rounding from a fault.

            Where there is a GPU to run it, the new engine is compared with the reference, as compare does, before it gets its name: the \
            figures are in its manifest. One that fails is kept as {…}.plan.rejected, and the reason beside it. With --accept, so is a stored \
            engine that fits and that nobody has compared.

            Ctrl-C cancels, int8's calibration and the comparison too; nothing is left half-written.

            Exit codes: 0 done; 1 the engine was rejected; 64 wrong command line; 65 unusable model; 66 missing model or faces; 69 library or GPU unavailable; \
            70 TensorRT failed; 73 folder can't be written; 74 writing failed; 78 wrong configuration or option; 130 interrupted.
            """)

    @OptionGroup(title: "Model") var model: EngineModelOptions

    @OptionGroup(title: "Building") var building: BuildingOptions

    @OptionGroup(title: "Calibration") var calibration: CalibrationOptions

    @Flag(help: "Print a summary as one JSON object.")
    var json = false

    @OptionGroup(title: "Configuration") var settings: SettingsOptions

    func run() throws {
        let status = StatusLine()
        let interrupt = Interrupt { status.message("stopping (again to stop at once)") }
        try Failure.reported {
            let loaded = try settings.load(
                overrides: model.overrides + building.overrides + calibration.overrides)
            for note in loaded.notes { status.message("note: \(note)") }
            let job = EngineBuildJob(
                options: building.options(calibration: calibration.calibration), configuration: loaded.configuration)
            let summary = try job.run(
                shouldStop: { interrupt.isRequested },
                report: { status.show($0) })
            status.end()
            guard let summary else {
                status.message("interrupted; nothing was written")
                throw ExitCode(ExitStatus.interrupted)
            }
            status.message(summary.sentence)
            if json { try StandardOutput.write(summary.json) }
            if summary.rejection != nil { throw ExitCode(ExitStatus.failed) }
        }
    }
}

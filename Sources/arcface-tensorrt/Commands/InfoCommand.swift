import ArcFaceTensorRT
import ArgumentParser
import Foundation

struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Tell what an engine is, and whether this machine can run it.",
        discussion: """
            Reads the manifest beside the engine. Where the engine's library and a GPU are there, the verified engine is loaded and tells its \
            inputs and outputs, profiles, device memory and layers itself; elsewhere the manifest has to do.

            Exit codes: 0 done, whether it can run here or not; 64 wrong command line; 65 damaged file or manifest; 66 missing file; \
            78 wrong configuration.
            """)

    @Option(help: ArgumentHelp("The engine.", valueName: "file.plan"))
    var enginePath: String

    @Flag(help: "List the layers after fusion, with their number formats; needs the library and a GPU.")
    var layers = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup(title: "Configuration") var settings: SettingsOptions

    func run() throws {
        let status = StatusLine()
        try Failure.reported {
            let loaded = try settings.load(overrides: [])
            for note in loaded.notes { status.message("note: \(note)") }
            let report = try EngineInspection(
                path: enginePath, wantsLayers: layers, configuration: loaded.configuration
            ).run()
            try StandardOutput.write(json ? report.json : EngineInfoText(report, wantsLayers: layers).text)
        }
    }
}

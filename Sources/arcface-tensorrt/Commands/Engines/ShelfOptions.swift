import ArcFaceTensorRT
import ArgumentParser
import Foundation

/// What all commands about engines take.
struct ShelfOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder of engines (configuration: tensorrt.engine_local_dir).", valueName: "folder"))
    var engineDir: String?

    @Option(help: ArgumentHelp("The team's bucket (configuration: storage.bucket).", valueName: "name"))
    var bucket: String?

    @Option(help: ArgumentHelp("An S3-compatible server (configuration: storage.endpoint).", valueName: "address"))
    var endpoint: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup(title: "Configuration") var settings: SettingsOptions

    private var overrides: [ConfigurationOverride] {
        [
            engineDir.map {
                ConfigurationOverride(key: "tensorrt.engine_local_dir", value: $0, option: "--engine-dir")
            },
            bucket.map { ConfigurationOverride(key: "storage.bucket", value: $0, option: "--bucket") },
            endpoint.map { ConfigurationOverride(key: "storage.endpoint", value: $0, option: "--endpoint") },
        ].compactMap { $0 }
    }

    /// Does something with the engines, with Ctrl-C as a way out.
    func withShelf<Result>(_ body: (EngineShelf, StatusLine) throws -> Result) throws -> Result {
        let status = StatusLine()
        let interrupt = Interrupt { status.message("stopping (again to stop at once)") }
        return try Failure.reported {
            let loaded = try settings.load(overrides: overrides)
            for note in loaded.notes { status.message("note: \(note)") }
            let shelf = try EngineShelf(
                configuration: loaded.configuration, shouldStop: { interrupt.isRequested })
            return try body(shelf, status)
        }
    }

    /// Prints what became of each engine, and fails with the first error's exit code.
    func show(_ outcomes: [ShelfOutcome], status: StatusLine) throws {
        status.end()
        if json {
            try StandardOutput.write(outcomes.json)
        } else {
            for outcome in outcomes where outcome.error == nil {
                try StandardOutput.write("\(outcome.id): \(outcome.text)")
            }
        }
        let errors = outcomes.compactMap(\.error)
        for error in errors { status.message("error: \(error)") }
        if let first = errors.first { throw ExitCode(ExitStatus.of(first)) }
    }
}

/// How far a transfer is.
struct TransferText: StatusText {
    let id: String
    let bytes: Int
    let total: Int

    private var part: String {
        String(format: "%.1f of %.1f MB", Double(bytes) / 1e6, Double(total) / 1e6)
    }

    var line: String { "\(id): \(part)" }

    func bar(columns: Int) -> String { String("\(id.suffix(48)): \(part)".prefix(max(columns - 1, 1))) }
}

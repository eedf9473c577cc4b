import ArcFaceTensorRT
import ArgumentParser

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show the settings in force.", subcommands: [ShowCommand.self],
        defaultSubcommand: ShowCommand.self)

    struct ShowCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print every setting and where it came from.",
            discussion: """
                The command line ranks over the environment (ARCFACE_…), the environment over --pipeline-config, that over the configuration \
                file, and the file over the defaults.
                """)

        @OptionGroup(title: "Configuration") var settings: SettingsOptions

        @OptionGroup(title: "Model") var model: ModelOptions

        @Flag(exclusivity: .exclusive, help: "Print YAML that loads back to the same settings, or JSON.")
        var format: Format = .table

        enum Format: String, EnumerableFlag {
            case table, yaml, json
        }

        func run() throws {
            try Failure.reported {
                let loaded = try settings.load(overrides: model.overrides)
                let text =
                    switch format {
                    case .table: loaded.renderTable()
                    case .yaml: loaded.renderYAML()
                    case .json: try loaded.renderJSON()
                    }
                try StandardOutput.write(text.hasSuffix("\n") ? String(text.dropLast()) : text)
            }
        }
    }
}

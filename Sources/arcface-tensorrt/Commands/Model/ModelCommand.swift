import ArgumentParser

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look into ONNX files, and prepare them for runtimes.",
        subcommands: [
            ModelPrepareCommand.self
        ])
}

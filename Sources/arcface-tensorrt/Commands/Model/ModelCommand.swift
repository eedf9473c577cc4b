import ArgumentParser

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look into ONNX models, prepare them, compare them.",
        subcommands: [
            ModelPrepareCommand.self,
            ModelCheckCommand.self,
        ])
}

import ArcFaceTensorRT
import ArgumentParser
import Foundation
import Logging

@main
struct Main: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "arcface-tensorrt",
        abstract: "Face embeddings with ArcFace models, as fast as the machine allows.",
        discussion: "`--mode NAME` is the same as the subcommand NAME.",
        version: ToolVersion.current,
        subcommands: [
            EmbedCommand.self, BuildCommand.self, InfoCommand.self, CompareCommand.self, BenchmarkCommand.self,
            EvaluateCommand.self, EnginesCommand.self, ModelCommand.self,
            ConfigCommand.self, DoctorCommand.self,
        ])

    static func main() {
        // A reader that goes away (`… | head`) is an error of write(2), which is reported, not a silent death.
        signal(SIGPIPE, SIG_IGN)
        // Errors of the runtimes ride on our own; their log is for those who ask for it.
        let level = ProcessInfo.processInfo.environment["LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0) } ?? .critical
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        main(UsualModes.translated(Array(CommandLine.arguments.dropFirst())))
    }
}

import ArcFaceTensorRT
import ArgumentParser
import Foundation

struct ModelInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Tell what an ONNX file holds, and what preparation will do to it.",
        discussion: """
            Architecture (told by its layers), inputs and outputs, operators, parameters, the cost of a face (FLOP are 2 × multiply-adds of \
            convolutions and matrix products), weights by type, the preprocessing found in the graph, and each defect with what is done about \
            it. Nothing is written.

            Exit codes: 0 done; 64 wrong command line; 65 damaged, or no ONNX model; 66 missing file.
            """)

    @Argument(help: ArgumentHelp("The ONNX file.", valueName: "file.onnx"))
    var file: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        try Failure.reported {
            let report = try ModelReport(path: file)
            try StandardOutput.write(json ? try Self.json(report) : ModelInfoText(report).text)
        }
    }

    private static func json(_ report: ModelReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
}

import ArcFaceTensorRT
import ArgumentParser
import Foundation

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell what this machine has, and what to install for what is missing.",
        discussion: """
            Looks at native libraries (every TensorRT that is installed, which of them runs and builds engines, and why), CPU features, \
            GPU and driver, Python and torch, model files and the configuration. Exits 0 if photos \
            can be embedded, 69 if not. What is absent and marked – is only needed for other jobs.
            """)

    @OptionGroup(title: "Model") var model: ModelOptions

    @OptionGroup(title: "Configuration") var settings: SettingsOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        try Failure.reported {
            let report = Doctor.examine(settings.result(overrides: model.overrides))
            try StandardOutput.write(json ? try Self.json(report) : Self.text(report))
            if !report.canEmbed { throw ExitCode(ExitStatus.unavailable) }
        }
    }

    private static func json(_ report: DoctorReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }

    private static func text(_ report: DoctorReport) -> String {
        var lines: [String] = []
        for check in report.checks {
            let mark =
                switch check.status {
                case .ok: "✓"
                case .absent: "–"
                case .problem: "✗"
                }
            let name = check.name + String(repeating: " ", count: max(0, 15 - check.name.count))
            lines.append("\(mark) \(name) \(check.detail)")
            for other in (check.libraries ?? []) where other.text != check.detail {
                lines.append(String(repeating: " ", count: 18) + "also \(other.text)")
            }
            if let mend = check.mend { lines.append(String(repeating: " ", count: 18) + "→ \(mend)") }
        }
        lines.append("")
        lines.append(report.canEmbed ? "Photos can be embedded here." : "Photos can't be embedded here yet: see ✗.")
        return lines.joined(separator: "\n")
    }
}

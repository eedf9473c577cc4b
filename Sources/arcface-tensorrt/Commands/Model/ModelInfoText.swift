import ArcFaceTensorRT
import Foundation

/// A model's report for people.
struct ModelInfoText {
    private let report: ModelReport

    init(_ report: ModelReport) { self.report = report }

    /// The report, several lines.
    var text: String {
        var lines = [report.path]
        lines += fact("network", network)
        lines += fact("preprocessing", report.face.map(\.text) ?? "–")
        if let problem = report.faceProblem { lines += fact("face model", "no: \(problem)") }
        lines += fact("input", inputs)
        lines += fact("output", report.outputs.map { "\($0.name) \($0.type)" }.joined(separator: "\n"))
        lines += fact("parameters", "\(scaled(report.parameters)), \(cost)")
        lines += fact("weights", weights)
        lines += fact("operators", operators)
        lines += fact("file", file)
        if !report.metadata.isEmpty {
            let entries = report.metadata.sorted { $0.key < $1.key }.map { "\($0.key) = \(shortened($0.value))" }
            lines += fact("metadata", entries.joined(separator: "\n"))
        }
        return (lines + defects).joined(separator: "\n")
    }

    private var network: String {
        let width = report.face.map { ", \($0.embeddingWidth) numbers a face" } ?? ""
        return report.architecture + width + (report.isPrepared ? ", prepared" : "")
    }

    private var inputs: String {
        let unused = report.inputs.filter { !$0.used }.count
        let lines = report.inputs.filter(\.used).map { "\($0.name) \($0.type)" }
        return (lines + (unused == 0 ? [] : ["and \(unused) that nothing takes"])).joined(separator: "\n")
    }

    private var cost: String {
        guard let flops = report.flops else { return "cost unknown: \(report.flopsProblem ?? "")" }
        let unit = report.face == nil ? "an image" : "a face"
        return
            "\(decimal(Double(flops) / 1e9, digits: 2)) GFLOP \(unit) (2 × multiply-adds of convolutions and matrix products)"
    }

    private var weights: String {
        report.weights.map { entry in
            "\(entry.type), \(entry.tensors) tensor\(entry.tensors == 1 ? "" : "s"), \(megabytes(entry.bytes))"
        }.joined(separator: "\n")
    }

    private var operators: String {
        let total = report.operators.reduce(0) { $0 + $1.count }
        return "\(total): " + report.operators.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    }

    private var file: String {
        let sets = report.opsets.sorted { $0.key < $1.key }.map { name, version in
            name == "ai.onnx" ? "opset \(version)" : "\(name) \(version)"
        }
        let external = report.externalFiles.map { "weights in \($0)" }
        let parts = [megabytes(report.bytes), sets.joined(separator: ", "), "format \(report.irVersion)"] + external
        return (parts + (report.producer.isEmpty ? [] : ["by \(report.producer)"])).joined(separator: ", ")
    }

    private var defects: [String] {
        let stay = report.defects.filter { !$0.mended }
        let mended = report.defects.filter(\.mended)
        var lines: [String] = []
        if !stay.isEmpty {
            lines += ["", "Defects that stay"]
            for defect in stay {
                lines += ["  ✗ \(defect.name): \(defect.reason)"] + defect.actions.map { "      → \($0)" }
            }
        }
        if !mended.isEmpty {
            lines += ["", "Mended by every command that takes the model"]
            for defect in mended {
                lines += ["  • \(defect.name): \(defect.reason)"] + defect.actions.map { "      → \($0)" }
            }
        }
        if report.defects.isEmpty {
            lines += ["", report.isPrepared ? "Prepared: nothing is left to do." : "Nothing to mend."]
        }
        return lines
    }

    private func fact(_ name: String, _ text: String) -> [String] { FactLines.fact(name, text) }

    private func shortened(_ text: String) -> String {
        let line = text.replacingOccurrences(of: "\n", with: " ")
        return line.count > 120 ? "\(line.prefix(120))…" : line
    }

    private func megabytes(_ bytes: Int) -> String {
        bytes < 100_000 ? "\(bytes) bytes" : "\(decimal(Double(bytes) / 1e6, digits: 1)) MB"
    }

    private func scaled(_ count: Int) -> String {
        count < 100_000 ? "\(count)" : "\(decimal(Double(count) / 1e6, digits: 2)) M"
    }
}

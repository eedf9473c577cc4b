import ArcFaceTensorRT

/// An engine's report for people.
struct EngineInfoText {
    private let report: EngineReport
    private let wantsLayers: Bool

    init(_ report: EngineReport, wantsLayers: Bool) {
        self.report = report
        self.wantsLayers = wantsLayers
    }

    /// The report, several lines.
    var text: String {
        var lines = [report.path]
        lines += FactLines.fact("file", size(report.bytes))
        for fact in report.facts ?? [] { lines += FactLines.fact(fact.name, fact.text) }
        lines += tensors + memory
        if let library = report.library { lines += FactLines.fact("library", library) }
        lines += FactLines.fact("GPU here", report.gpu ?? "none")
        lines += layers
        if !report.warnings.isEmpty { lines += [""] + report.warnings.flatMap { FactLines.fact("warning", $0) } }
        return (lines + [""] + verdict).joined(separator: "\n")
    }

    private var tensors: [String] {
        let source = report.source == .engine ? "as the engine tells" : "by the manifest"
        var lines: [String] = []
        for mode in ["input", "output"] {
            let texts = (report.tensors ?? []).filter { $0.mode == mode }.map { tensor in
                let shape = tensor.shape.map { $0 < 0 ? "N" : "\($0)" }.joined(separator: ",")
                return "\(tensor.name) \(tensor.type) [\(shape)]"
            }
            if !texts.isEmpty { lines += FactLines.fact(mode, texts.joined(separator: "\n")) }
        }
        if let profiles = report.profiles, !profiles.isEmpty {
            let texts = profiles.map { "\($0.min)…\($0.max), best at \($0.opt)" }
            lines += FactLines.fact("profiles", texts.joined(separator: "; ") + " (\(source))")
        }
        return lines
    }

    private var memory: [String] {
        guard let bytes = report.contextBytes else { return [] }
        return FactLines.fact("GPU memory", "\(size(bytes)) for the values inside, for each execution context")
    }

    private func size(_ bytes: Int) -> String {
        bytes < 100_000 ? "\(bytes) bytes" : "\(decimal(Double(bytes) / 1e6, digits: 1)) MB"
    }

    private var layers: [String] {
        guard let count = report.layerCount else {
            return wantsLayers ? FactLines.fact("layers", "only the loaded engine can tell them") : []
        }
        guard let layers = report.layers else { return FactLines.fact("layers", "\(count) after fusion") }
        let byPrecision = Dictionary(grouping: layers.filter { !$0.precision.isEmpty }, by: \.precision)
            .sorted { $0.key < $1.key }.map { "\($0.value.count) \($0.key)" }
        let summary = ["\(count) after fusion"] + byPrecision
        return FactLines.fact("layers", summary.joined(separator: ", "))
            + layers.map { layer in
                "    \(pad(layer.precision, 6))\(pad(layer.type, 16)) \(layer.name)"
            }
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private var verdict: [String] {
        if report.isRunnable { return ["✓ this machine can run it"] }
        return ["✗ this machine can't run it"] + report.obstacles.map { "  • \($0)" }
    }
}

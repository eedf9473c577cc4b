import ArcFaceTensorRT

/// A comparison of two models, for people.
struct ModelCheckText {
    /// Layers that are listed.
    private static let listed = 20

    private let report: ModelCheckReport

    init(_ report: ModelCheckReport) {
        self.report = report
    }

    /// All of it, without a last newline.
    var text: String {
        var lines = sides + [""] + measures
        if let layers = report.layers { lines += [""] + Self.text(of: layers) + contradiction }
        lines += ["", sentence]
        return lines.joined(separator: "\n")
    }

    private var sides: [String] {
        let width = max(report.reference.path.count, report.candidate.path.count)
        func side(_ letter: String, _ side: ModelCheckReport.Side) -> String {
            "\(letter)  \(pad(side.path, -width))  \(side.precision.rawValue), \(side.width) numbers a face, "
                + side.preprocessing
        }
        let failed = report.failures.isEmpty ? "" : " (\(report.failures.count) inputs failed)"
        return [
            side("A", report.reference), side("B", report.candidate), "   \(report.faces)\(failed), \(report.runtime)",
        ]
    }

    private var measures: [String] {
        let (metrics, limits, verdicts) = (report.agreement, report.thresholds, report.judgement)
        let rows: [(String, Double, String, String, Verdict?)] = [
            (
                "cosine, mean", metrics.cosineMean, "≥ \(limits.minCosineSimilarity)",
                "< \(limits.warnCosineSimilarity)", verdicts.cosineMean
            ),
            (
                "cosine, least", metrics.cosineMin, "≥ \(limits.minCosineWorst)", "< \(limits.warnCosineWorst)",
                verdicts.cosineMin
            ),
            ("cosine, 1 % of faces", metrics.cosineP1, "", "", nil),
            ("L2, mean", metrics.l2Mean, "< \(limits.maxL2Mean)", "> \(limits.warnL2Mean)", verdicts.l2Mean),
            ("norm of B / norm of A", metrics.normRatioMean, "", "", nil),
        ]
        let head = pad("", -22) + pad("found", 12) + pad("target", 10) + pad("fails", 10)
        let body = rows.map { name, value, target, fails, verdict in
            let row =
                pad(name, -22) + pad(value.isFinite ? decimal(value, digits: 7) : "–", 12) + pad(target, 10)
                + pad(fails, 10)
            return trimmed(row + (verdict.map { "  \($0.rawValue)" } ?? ""))
        }
        return [head] + body + (verdicts.finite == .pass ? [] : [unusual])
    }

    private var unusual: String {
        let metrics = report.agreement
        return "\(metrics.nanCount) NaN, \(metrics.infinityCount) infinite numbers; \(metrics.undefinedCount) of "
            + "\(metrics.count) faces have no embedding  FAIL"
    }

    /// Why the embeddings agree although a layer doesn't.
    private var contradiction: [String] {
        let halves = report.reference.precision == .fp16 || report.candidate.precision == .fp16
        guard report.verdict == .pass, halves, report.layers?.departure != nil else { return [] }
        return [
            "",
            "The embeddings agree all the same: on a CPU, ONNX Runtime rounds to float16 only values that are looked at.",
            "A runtime that computes in float16 meets the difference above.",
        ]
    }

    private var sentence: String {
        let hint = report.layers == nil ? "; --layers tells where" : ""
        return switch report.verdict {
        case .pass: "PASS: B agrees with A"
        case .warn: "WARN: B agrees with A less than it should (\(report.thresholdsKey) in the configuration)" + hint
        case .fail: "FAIL: B doesn't agree with A (\(report.thresholdsKey) in the configuration)" + hint
        }
    }

    private static func text(of comparison: LayerComparison) -> [String] {
        let counts =
            "\(comparison.layers.count) layers compared on \(comparison.faceCount) "
            + "face\(comparison.faceCount == 1 ? "" : "s"); without a counterpart: \(comparison.onlyInReference) of A, "
            + "\(comparison.onlyInCandidate) of B"
        let departure = comparison.departure
        let place =
            departure.map { layer in
                "B leaves A at \(name(of: layer)), layer \(layer.position): \(difference(layer))"
            } ?? "no layer differs by more than \(comparison.threshold) (relative L2)" + growth(in: comparison)
        let worst = comparison.worstFirst.filter { $0.agreement.error > 0 }
        guard !worst.isEmpty else { return [counts, place] }
        let head = "layer  relative L2  its inputs     cosine  max. diff.  operator and value, worst first"
        let rest = worst.count - listed
        return [counts, place, "", head]
            + worst.prefix(listed).map { row($0, isDeparture: $0.value == departure?.value) }
            + (rest > 0 ? ["… and \(rest) more with smaller differences (all with --json)"] : [])
    }

    /// Where most of the error comes from, if it is only rounding that builds up.
    private static func growth(in comparison: LayerComparison) -> String {
        guard let layer = comparison.steepest else { return "" }
        return "; most is added at \(name(of: layer)), layer \(layer.position): \(brief(layer.inputError)) to "
            + brief(layer.agreement.error)
    }

    private static func row(_ layer: LayerComparison.Layer, isDeparture: Bool) -> String {
        let agreement = layer.agreement
        var notes = isDeparture ? ["B leaves A here"] : []
        if agreement.unusualCount > 0 { notes.append(difference(layer)) }
        if layer.isWithoutEffect { notes.append("agrees again further on") }
        if layer.candidateValue != layer.value { notes.append("'\(layer.candidateValue)' in B") }
        // Figures of the few numbers that are finite would say that all is well.
        let figures =
            agreement.error.isFinite
            ? [
                brief(agreement.relativeL2), brief(layer.inputError), decimal(agreement.cosine, digits: 6),
                brief(agreement.maximumDifference),
            ] : ["–", layer.inputError.isFinite ? brief(layer.inputError) : "–", "–", "–"]
        return pad("\(layer.position)", 5) + pad(figures[0], 13) + pad(figures[1], 12) + pad(figures[2], 11)
            + pad(figures[3], 12) + "  "
            + name(of: layer) + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
    }

    private static func name(of layer: LayerComparison.Layer) -> String {
        let node = layer.node.isEmpty || layer.node == layer.value ? "" : " of node '\(layer.node)'"
        return "\(layer.op) '\(layer.value)'\(node)"
    }

    private static func difference(_ layer: LayerComparison.Layer) -> String {
        let agreement = layer.agreement
        let unusual = [
            (agreement.candidateNaNCount, "NaN in B"), (agreement.candidateInfinityCount, "infinite in B"),
            (agreement.referenceNaNCount, "NaN in A"), (agreement.referenceInfinityCount, "infinite in A"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        guard unusual.isEmpty else { return unusual.joined(separator: ", ") + " of \(agreement.count) numbers" }
        return "relative L2 \(brief(agreement.relativeL2)), cosine \(decimal(agreement.cosine, digits: 6))"
    }
}

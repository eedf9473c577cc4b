import ArcFaceTensorRT

/// A comparison with a reference, for people.
struct CompareText {
    /// Faces that are listed; the report has ten.
    private static let listed = 3

    private let report: ComparisonReport

    init(_ report: ComparisonReport) {
        self.report = report
    }

    /// All of it, without a last newline.
    var text: String {
        var lines = sides + [""] + measures
        if let batches { lines += ["", batches] }
        if report.verdict != .pass { lines += [""] + worst }
        if let diagnosis = report.diagnosis { lines += [""] + Self.text(of: diagnosis) }
        return (lines + notes + ["", report.sentence]).joined(separator: "\n")
    }

    private var sides: [String] {
        func side(_ name: String, _ side: ComparisonReport.Side) -> [String] {
            FactLines.fact(name, "\(side.text)\n\(side.path)\n\(side.information.preprocessing)")
        }
        let failures = report.faces.failures.count
        let failed = failures == 0 ? "" : " (\(failures) input\(failures == 1 ? "" : "s") failed)"
        return side("reference", report.reference) + side("candidate", report.candidate)
            + FactLines.fact("faces", report.faces.label + failed)
    }

    private var measures: [String] {
        let head = pad("", -24) + pad("found", 12) + pad("target", 10) + pad("fails", 10)
        let body = report.measures.map { measure in
            let value = measure.value.isFinite ? decimal(measure.value, digits: 7) : "–"
            let row = pad(measure.name, -24) + pad(value, 12) + pad(measure.target, 10) + pad(measure.fails, 10)
            return trimmed(row + (measure.verdict.map { "  \($0.rawValue)" } ?? ""))
        }
        return [head] + body + (report.unusual.map { ["\($0)  FAIL"] } ?? [])
    }

    /// What is wrong with batches; nil if nothing is.
    private var batches: String? {
        let wrong = report.batches.sizes.filter { !$0.wrong.isEmpty }
        guard !wrong.isEmpty else { return nil }
        return wrong.map { "batches of \($0.size): \($0.text)" }.joined(separator: "\n")
    }

    private var worst: [String] {
        ["faces that agree least      cosine   norm of the reference's and the candidate's embedding"]
            + report.worst.prefix(Self.listed).map { face in
                let agreement = face.agreement
                let cosine = agreement.cosine.isFinite ? decimal(agreement.cosine, digits: 6) : "–"
                return pad("  \(face.number)", -20) + pad(cosine, 14) + pad(norm(agreement.referenceNorm), 10)
                    + pad(norm(agreement.candidateNorm), 10) + "  \(face.name)"
            }
    }

    private func norm(_ value: Double) -> String {
        value.isFinite ? decimal(value, digits: 2) : "–"
    }

    private static func text(of diagnosis: Diagnosis) -> [String] {
        let tested = diagnosis.trials.count - 1
        let count = "(\(tested) explanations tested on \(diagnosis.faceCount) faces)"
        let head = FactLines.fact("diagnosis", "because \(diagnosis.reason)" + (tested > 0 ? " \(count)" : ""))
        let findings = diagnosis.findings.flatMap { finding in
            FactLines.fact("found", finding.sentence)
                + (finding.mend.isEmpty ? [] : FactLines.fact("mend", finding.mend))
        }
        return head + findings + diagnosis.remarks.flatMap { FactLines.fact("open", $0) }
    }

    private var notes: [String] {
        report.notes.isEmpty ? [] : [""] + report.notes.flatMap { FactLines.fact("note", $0) }
    }
}

import ArcFaceTensorRT

/// Verification figures, for people.
struct VerificationText {
    private let report: VerificationReport

    init(_ report: VerificationReport) {
        self.report = report
    }

    /// All of it, without a last newline.
    var text: String {
        (head + [""] + TextTable(table).lines + [""] + report.notes).joined(separator: "\n")
    }

    private var head: [String] {
        let sides = zip(["A", "B"], report.runtimes).map { letter, runtime in
            (report.runtimes.count > 1 ? "\(letter)  " : "")
                + "\(runtime.modelPath): \(runtime.precision.rawValue), \(runtime.backend) \(runtime.runtimeVersion) on "
                + "\(runtime.device), \(runtime.preprocessing)"
        }
        return sides + [report.summary + (report.flip ? "; each face mirrored too" : "")]
    }

    private var table: [[String]] {
        let many = report.scorings.count > 1
        var head = [""]
        for (number, scoring) in report.scorings.enumerated() {
            head.append(many ? scoring.name : "value")
            if report.samples > 0 { head.append("95 % interval") }
            guard number > 0 else { continue }
            head.append("− A")
            if report.samples > 0 { head.append("95 % interval") }
        }
        return [head] + figures + [spread, thresholds]
    }

    private var figures: [[String]] {
        let points = report.scorings[0].figures.operatingPoints
        let names =
            ["accuracy, %"]
            + points.map { "TAR at FAR \(rate($0.falseAcceptRate)), %" }
            + ["equal error rate, %", "area, %"]
        return names.enumerated().map { place, name in
            var row = [name]
            for (number, scoring) in report.scorings.enumerated() {
                let value = scoring.figures.values[place]
                if value.isNaN, (1...points.count).contains(place) {
                    // The same for all: said once, not column by column.
                    if number == 0 { row.append("needs \(points[place - 1].pairsNeeded) impostor pairs") }
                    continue
                }
                row.append(percent(value))
                if report.samples > 0 {
                    row.append("\(percent(scoring.intervals[place].low)) … \(percent(scoring.intervals[place].high))")
                }
                guard number > 0 else { continue }
                row.append(signed(value - report.scorings[0].figures.values[place]))
                if report.samples > 0 {
                    row.append("\(signed(scoring.shifts[place].low)) … \(signed(scoring.shifts[place].high))")
                }
            }
            return row
        }
    }

    private var spread: [String] {
        row("  ± over the folds") { decimal($0.accuracy.deviation * 100, digits: 2) }
    }

    private var thresholds: [String] {
        row("  mean threshold") { decimal($0.accuracy.meanThreshold, digits: 4) }
    }

    private func row(_ name: String, _ value: (VerificationReport.Figures) -> String) -> [String] {
        var row = [name]
        for (number, scoring) in report.scorings.enumerated() {
            row.append(value(scoring.figures))
            let blanks = (report.samples > 0 ? 1 : 0) * (number > 0 ? 2 : 1) + (number > 0 ? 1 : 0)
            row += [String](repeating: "", count: blanks)
        }
        return row
    }

    /// `1e-3` for 0.001, as papers write it.
    private func rate(_ rate: Double) -> String {
        var (left, exponent) = (rate, 0)
        while left < 0.9999 {
            left *= 10
            exponent += 1
        }
        return abs(left - 1) < 1e-9 ? "1e-\(exponent)" : "\(rate)"
    }

    private func percent(_ value: Double) -> String { decimal(value * 100, digits: 2) }

    private func signed(_ value: Double) -> String {
        let text = percent(value)
        return value > 0 && text != "0.00" ? "+\(text)" : text
    }
}

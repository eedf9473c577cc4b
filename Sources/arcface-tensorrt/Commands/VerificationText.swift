import ArcFaceTensorRT

/// Verification figures, for people.
struct VerificationText {
    private let report: VerificationReport

    init(_ report: VerificationReport) {
        self.report = report
    }

    /// All of it, without a last newline.
    var text: String {
        (head + [""] + TextTable(table, textColumns: many ? 2 : 1).lines + [""] + report.notes).joined(separator: "\n")
    }

    private var head: [String] {
        let sides = zip(["A", "B"], report.runtimes).map { letter, runtime in
            (report.runtimes.count > 1 ? "\(letter)  " : "")
                + "\(runtime.modelPath): \(runtime.precision.rawValue), \(runtime.backend) \(runtime.runtimeVersion) on "
                + "\(runtime.device), \(runtime.preprocessing)"
        }
        return sides + [report.summary + (report.flip ? "; each face mirrored too" : "")]
    }

    private var many: Bool { report.scorings.count > 1 }

    private var table: [[String]] {
        let interval = report.samples > 0 ? ["95 % interval"] : []
        let head = [""] + (many ? [""] : []) + ["value"] + interval + (many ? ["shift"] + interval : [])
        let points = report.scorings[0].figures.operatingPoints
        let names =
            ["accuracy, %"]
            + points.map { "TAR at FAR \(rate($0.falseAcceptRate)), %" }
            + ["equal error rate, %", "area, %"]
        var rows = [head]
        for (place, name) in names.enumerated() {
            if report.scorings[0].figures.values[place].isNaN, (1...points.count).contains(place) {
                rows.append([name, "needs \(points[place - 1].pairsNeeded) impostor pairs"])
                continue
            }
            rows += report.scorings.indices.map { figure(place, of: $0, name: $0 == 0 ? name : "") }
        }
        rows += plain("± over the folds, %") { decimal($0.accuracy.deviation * 100, digits: 2) }
        return rows + plain("mean threshold") { decimal($0.accuracy.meanThreshold, digits: 4) }
    }

    private func figure(_ place: Int, of number: Int, name: String) -> [String] {
        let scoring = report.scorings[number]
        let value = scoring.figures.values[place]
        var row = [name] + (many ? [scoring.name] : []) + [percent(value)]
        if report.samples > 0 {
            row.append("\(percent(scoring.intervals[place].low)) … \(percent(scoring.intervals[place].high))")
        }
        guard number > 0 else { return row }
        row.append(signed(value - report.scorings[0].figures.values[place]))
        if report.samples > 0 {
            row.append("\(signed(scoring.shifts[place].low)) … \(signed(scoring.shifts[place].high))")
        }
        return row
    }

    private func plain(_ name: String, _ value: (VerificationReport.Figures) -> String) -> [[String]] {
        report.scorings.enumerated().map { number, scoring in
            [number == 0 ? name : ""] + (many ? [scoring.name] : []) + [value(scoring.figures)]
        }
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

package import Evaluation
import Foundation

extension VerificationReport {
    /// The report as a page.
    package var page: VerificationPage {
        var facts = [
            ReportPage.Fact("pairs", (pairsPath as NSString).lastPathComponent),
            ReportPage.Fact("faces", "\(faceCount)" + (flip ? ", each mirrored too" : "")),
        ]
        for (letter, runtime) in zip(["A", "B"], runtimes) {
            let prefix = runtimes.count > 1 ? "\(letter): " : ""
            facts += [
                ReportPage.Fact("\(prefix)model", (runtime.modelPath as NSString).lastPathComponent),
                ReportPage.Fact(
                    "\(prefix)runtime", "\(runtime.backend) \(runtime.runtimeVersion), \(runtime.precision.rawValue)"),
                ReportPage.Fact("\(prefix)device", runtime.device),
            ]
        }
        return VerificationPage(
            summary: summary, facts: facts,
            scorings: scorings.map { scoring in
                VerificationPage.Scoring(
                    name: scorings.count == 1 ? "value" : scoring.name, pairs: scoring.pairs, figures: scoring.figures,
                    intervals: scoring.intervals, shifts: scoring.shifts)
            }, notes: notes)
    }

    /// What was measured on, in one sentence.
    package var summary: String {
        "\(pairCount) pairs, \(sameCount) of one person and \(pairCount - sameCount) of two, in \(foldCount) folds"
    }

    /// What isn't as one might think, a line each.
    package var notes: [String] {
        var notes: [String] = []
        if runtimes.count > 1 { notes.append("A × B: galleries of A, probes of B.") }
        if leftOut > 0 { notes.append("\(leftOut) pair\(leftOut == 1 ? "" : "s") couldn't be scored: left out.") }
        if samples > 0 {
            notes.append(
                "Intervals: 95 %, \(samples) bootstrap samples of pairs, seed \(seed)"
                    + (runtimes.count > 1 ? "; shifts are of the same samples." : "."))
        }
        return notes
    }
}

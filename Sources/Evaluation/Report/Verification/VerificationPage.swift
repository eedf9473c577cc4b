/// The page about verification: figures, curves, and where the scores lie.
package struct VerificationPage: Sendable {
    /// A way in which the pairs were scored.
    package struct Scoring: Sendable {
        /// What it is called on the page.
        package var name: String
        /// The scores.
        package var pairs: PairScores
        /// The figures of these scores.
        package var figures: VerificationFigures
        /// An interval for each of the figures' values; empty where none was drawn.
        package var intervals: [VerificationBootstrap.Interval]
        /// Intervals of the shift from the first scoring; empty for the first.
        package var shifts: [VerificationBootstrap.Interval]

        /// A scoring with its parts as given.
        package init(
            name: String, pairs: PairScores, figures: VerificationFigures,
            intervals: [VerificationBootstrap.Interval], shifts: [VerificationBootstrap.Interval]
        ) {
            self.name = name
            self.pairs = pairs
            self.figures = figures
            self.intervals = intervals
            self.shifts = shifts
        }
    }

    /// One sentence below the heading.
    package var summary: String
    /// What a reader needs to know to get the same page again.
    package var facts: [ReportPage.Fact]
    /// The first is what others are measured by.
    package var scorings: [Scoring]
    /// What isn't as one might think, a line each.
    package var notes: [String]

    /// A page with its parts as given.
    package init(summary: String, facts: [ReportPage.Fact], scorings: [Scoring], notes: [String]) {
        self.summary = summary
        self.facts = facts
        self.scorings = scorings
        self.notes = notes
    }

    /// The whole page, self-contained.
    package func html() -> String {
        var sections = [
            ReportPage.Section(
                "Figures", detail: "with 95 % bootstrap intervals",
                body: table.html + notes.map(ReportPage.note).joined())
        ]
        sections.append(
            ReportPage.Section("What is accepted", detail: "receiver operating characteristic", body: curves))
        sections.append(
            ReportPage.Section(
                "Where the scores lie", detail: "the line is the mean threshold of the folds", body: histograms))
        sections.append(ReportPage.Section("Fold by fold", body: folds.html))
        return ReportPage(
            title: "Verification", summary: summary, facts: facts, sections: sections, styles: [ChartFrame.style]
        ).html()
    }

    private var curves: String {
        let impostors = scorings.map(\.pairs.differentCount).min() ?? 1
        return ReceiverChart(
            curves: scorings.map { ($0.name, ReceiverCurve($0.pairs)) }, leastRate: 1 / Double(max(impostors, 1))
        ).html
    }

    private var histograms: String {
        let charts = scorings.map { scoring in
            let heading = scorings.count > 1 ? "<h3>\(HTMLText.escaped(scoring.name))</h3>\n" : ""
            let chart = ScoreHistogramChart(
                pairs: scoring.pairs, isHalf: scorings.count > 1, threshold: scoring.figures.accuracy.meanThreshold)
            return "<div>\(heading)\(chart.html)</div>\n"
        }
        return scorings.count > 1 ? "<div class=\"charts\">\n\(charts.joined())</div>\n" : charts.joined()
    }

    private var folds: ReportTable {
        ReportTable(
            columns: [.init("fold")] + scorings.flatMap { [.init("\($0.name), %"), .init("threshold")] },
            rows: (scorings.first?.figures.accuracy.folds ?? []).indices.map { fold in
                [.number(Double(fold + 1), decimals: 0)]
                    + scorings.flatMap { scoring -> [ReportTable.Cell] in
                        let fold = scoring.figures.accuracy.folds[fold]
                        return [.number(fold.accuracy * 100, decimals: 2), .number(fold.threshold, decimals: 4)]
                    }
            })
    }
}

extension ComparisonPage {
    /// The whole page, self-contained.
    ///
    /// - Returns: HTML, about as large as the crops in it.
    package func html() -> String {
        var sections = [figures]
        if let diagnosis { sections.append(Self.section(diagnosis)) }
        if let distribution { sections.append(distribution) }
        if !worst.isEmpty { sections.append(worstFaces) }
        if !batches.isEmpty { sections.append(batchSizes) }
        return ReportPage(
            title: "Comparison with the reference", summary: summary, verdict: verdict, facts: facts,
            sections: sections,
            styles: [FaceCards.style, Self.style, FaceCards.crops(worst.map { ($0.number, $0.crop) })]
        ).html()
    }

    private static let style = """
        .findings{margin:0;padding:0;list-style:none}
        .findings li{border-left:3px solid var(--doubtful);padding:2px 0 2px 14px;margin:0 0 14px}
        .findings p{margin:0}
        .findings .mend{color:var(--soft);margin-top:2px}
        details summary{cursor:pointer;color:var(--soft);font-size:.92rem}
        details .scroll{margin-top:10px}
        .faces.worst li{width:148px}.faces.worst .crop{width:148px;height:148px}
        """

    private var figures: ReportPage.Section {
        let table = ReportTable(
            columns: [
                .init("", isText: true), .init("found"), .init("target"), .init("fails"), .init("", isText: true),
            ],
            rows: measures.map { measure in
                [
                    .text(measure.name), .number(measure.value, decimals: 7), .text(measure.target),
                    .text(measure.fails),
                    measure.verdict.map { .verdict($0) } ?? .empty,
                ]
            })
        return ReportPage.Section("Figures", body: table.html + notes.map(ReportPage.note).joined())
    }

    private static func section(_ diagnosis: Diagnosis) -> ReportPage.Section {
        let findings = diagnosis.findings.map { finding in
            let mend = finding.mend.isEmpty ? "" : "<p class=\"mend\">\(HTMLText.escaped(finding.mend))</p>"
            return "<li><p>\(HTMLText.escaped(finding.sentence))</p>\(mend)</li>\n"
        }
        var body = findings.isEmpty ? "" : "<ul class=\"findings\">\n\(findings.joined())</ul>\n"
        body += diagnosis.remarks.map(ReportPage.note).joined()
        if !diagnosis.trials.isEmpty {
            let table = ReportTable(
                columns: [.init("the reference, run again", isText: true), .init("cosine, mean"), .init("L2, mean")],
                rows: diagnosis.trials.map {
                    [.text($0.name), .number($0.cosine, decimals: 6), .number($0.l2, decimals: 6)]
                })
            body += "<details><summary>What was tested</summary>\n\(table.html)</details>\n"
        }
        return ReportPage.Section("Diagnosis", body: body)
    }

    private var distribution: ReportPage.Section? {
        let histogram = Histogram(cosines, smallestStep: 1e-8, limits: -1...1)
        guard cosines.contains(where: \.isFinite) else { return nil }
        let count = cosines.count - histogram.leftOut
        let chart = HistogramChart(
            histogram: histogram, noun: "faces",
            label:
                "Histogram of \(count) cosines from \(HTMLText.number(histogram.start, decimals: histogram.decimals))"
                + " to \(HTMLText.number(histogram.end, decimals: histogram.decimals))")
        let missing =
            histogram.leftOut == 0 ? "" : "\(histogram.leftOut) faces have no embedding on one side and aren't shown."
        return ReportPage.Section(
            "Cosine similarity of both embeddings", detail: "\(count) faces",
            body: chart.html + ReportPage.note(missing))
    }

    private var worstFaces: ReportPage.Section {
        let cards = FaceCards(
            cards: worst.map { face in
                FaceCards.Card(
                    number: face.number, label: "face \(face.number), \(face.name)",
                    entries: [
                        ("cosine", HTMLText.number(face.cosine, decimals: 6)),
                        ("norm, ref.", HTMLText.number(face.referenceNorm, decimals: 2)),
                        ("norm, cand.", HTMLText.number(face.candidateNorm, decimals: 2)),
                    ])
            }, kind: "worst")
        let names = ReportTable(
            columns: [.init("face"), .init("from", isText: true)],
            rows: worst.map { [.text("\($0.number)"), .text($0.name)] })
        return ReportPage.Section(
            "Faces that agree least", detail: "\(worst.count) of \(cosines.count)",
            body: cards.html + "<details><summary>Where they come from</summary>\n\(names.html)</details>\n")
    }

    private var batchSizes: ReportPage.Section {
        let table = ReportTable(
            columns: [
                .init("faces a batch"), .init("largest L2"), .init("", isText: true), .init("", isText: true),
            ],
            rows: batches.map {
                [.text("\($0.size)"), .number($0.largestL2, decimals: 7), .verdict($0.verdict), .text($0.text)]
            })
        return ReportPage.Section(
            "Each slot of a batch against its face alone", detail: "the candidate with itself", body: table.html)
    }
}

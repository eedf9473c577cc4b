/// The page about runtimes side by side: speedups, bars, percentiles, and how the calls' times lie.
package struct BenchmarkPage: Sendable {
    /// A runtime at a batch size. Times are milliseconds.
    package struct Measurement: Sendable {
        /// The runtime's name.
        package var runtime: String
        /// Faces of a call.
        package var batch: Int
        /// Of a whole call.
        package var statistics: LatencyStatistics
        /// The very first call.
        package var first: Double
        /// Faces a second.
        package var facesPerSecond: Double
        /// Medians of the stages; nil where they can't be told.
        package var hostToDevice, compute, deviceToHost: Double?
        /// Percent of the roofline; nil where no peak is known.
        package var rooflinePercent: Double?
        /// Of each call.
        package var durations: [Double]

        /// A measurement with its parts as given.
        package init(
            runtime: String, batch: Int, statistics: LatencyStatistics, first: Double, facesPerSecond: Double,
            hostToDevice: Double?, compute: Double?, deviceToHost: Double?, rooflinePercent: Double?,
            durations: [Double]
        ) {
            self.runtime = runtime
            self.batch = batch
            self.statistics = statistics
            self.first = first
            self.facesPerSecond = facesPerSecond
            self.hostToDevice = hostToDevice
            self.compute = compute
            self.deviceToHost = deviceToHost
            self.rooflinePercent = rooflinePercent
            self.durations = durations
        }
    }

    /// A runtime and what is known of it.
    package struct Runtime: Sendable {
        /// Its name.
        package var name: String
        /// Names of columns and what stands there; the same names for all.
        package var facts: [(name: String, value: String)]

        /// A runtime with its parts as given.
        package init(name: String, facts: [(name: String, value: String)]) {
            self.name = name
            self.facts = facts
        }
    }

    /// One sentence below the heading.
    package var summary: String
    /// What a reader needs to know to measure again.
    package var facts: [ReportPage.Fact]
    /// All that took part.
    package var runtimes: [Runtime]
    /// Batch by batch, and runtime by runtime.
    package var measurements: [Measurement]
    /// Names of the runtimes that others are measured by.
    package var baselines: [String]
    /// What a reader should know, a line each.
    package var notes: [String]

    /// A page with its parts as given.
    package init(
        summary: String, facts: [ReportPage.Fact], runtimes: [Runtime], measurements: [Measurement],
        baselines: [String], notes: [String]
    ) {
        self.summary = summary
        self.facts = facts
        self.runtimes = runtimes
        self.measurements = measurements
        self.baselines = baselines
        self.notes = notes
    }

    /// The whole page, self-contained.
    package func html() -> String {
        var sections: [ReportPage.Section] = []
        if runtimes.count > baselines.count || baselines.count > 1 {
            sections.append(
                ReportPage.Section(
                    "How much faster", detail: "medians of whole calls, milliseconds", body: speedups.html))
        }
        sections += [
            ReportPage.Section("Faces a second", body: bars),
            ReportPage.Section(
                "Latency", detail: "milliseconds", body: latencies.html + notes.map(ReportPage.note).joined()),
            ReportPage.Section(
                "How the times lie", detail: "each runtime as high as its own peak", body: distributions),
            ReportPage.Section("Runtimes", body: runtimeTable.html),
        ]
        return ReportPage(
            title: "Benchmark", summary: summary, facts: facts, sections: sections, styles: [ChartFrame.style]
        ).html()
    }

    private var batches: [Int] { Set(measurements.map(\.batch)).sorted() }

    private func series(_ runtime: String) -> Int { runtimes.firstIndex { $0.name == runtime } ?? 0 }

    private var bars: String {
        let groups = batches.map { batch in
            BarChart.Group(
                heading: batch == 1 ? "1 face a call" : "\(batch) faces a call",
                bars: measurements.filter { $0.batch == batch }.map { item in
                    BarChart.Bar(
                        name: item.runtime, value: item.facesPerSecond,
                        figure:
                            "\(Self.milliseconds(item.facesPerSecond))/s · "
                            + "\(Self.milliseconds(item.statistics.median)) ms",
                        series: series(item.runtime))
                })
        }
        return BarChart(groups: groups, label: "Faces a second of each runtime at each batch size").html
    }

    private var distributions: String {
        let charts = batches.map { batch in
            let items = measurements.filter { $0.batch == batch }
            let chart = DistributionChart(
                series: items.map { ($0.runtime, $0.durations) }, label: "Times of calls of \(batch) faces")
            return "<div><h3>\(batch == 1 ? "1 face" : "\(batch) faces")</h3>\n\(chart.html)</div>\n"
        }
        return ChartFrame.legend(runtimes.map(\.name)) + "<div class=\"charts\">\(charts.joined())</div>\n"
    }

    /// With three digits that count.
    static func milliseconds(_ value: Double) -> String {
        HTMLText.number(value, decimals: SignificantDigits.decimals(of: value))
    }

    /// How many times faster.
    static func factor(_ value: Double) -> String {
        HTMLText.number(value, decimals: SignificantDigits.decimals(ofFactor: value)) + " ×"
    }
}

import ArcFaceTensorRT

/// A benchmark's figures, for people.
struct BenchmarkText {
    private let run: BenchmarkRun

    init(_ run: BenchmarkRun) {
        self.run = run
    }

    private var report: BenchmarkReport { run.report }

    /// All of it, without a last newline.
    var text: String {
        var parts = [head, latencies, runtimes]
        if !report.speedups.isEmpty { parts.insert(speedups, at: 1) }
        if let comparison = run.comparison { parts.append(changes(comparison)) }
        let notes = report.leftOut.map(\.sentence) + report.notes
        if !notes.isEmpty { parts.append(notes) }
        return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private var head: [String] {
        let machine = report.machine
        var lines = ["\(machine.processor), \(machine.cores) cores, \(machine.threads) threads"]
        if let gpu = machine.gpu {
            var facts = [gpu.name]
            if let driver = gpu.driver { facts.append("driver \(driver)") }
            if let clocks = gpu.clocks {
                let most = gpu.maximumClock.map { " of \($0)" } ?? ""
                facts.append("SM clock \(clocks[0])…\(clocks[2])\(most) MHz")
            }
            lines.append(facts.joined(separator: ", "))
        }
        return lines + ["\(report.method.sentence); \(report.method.faces)"]
    }

    private var speedups: [String] {
        let names = report.baselines
        var rows = [["faces", "runtime", "ms"] + names.flatMap { ["\($0), ms", "faster by"] }]
        for row in report.speedups {
            let cells = names.flatMap { name in
                row.baselines.first { $0.runtime == name }.map {
                    [milliseconds($0.milliseconds), factor($0.factor)]
                } ?? ["", ""]
            }
            rows.append([faces(row.batch), row.runtime, milliseconds(row.milliseconds)] + cells)
        }
        return ["medians of whole calls"] + TextTable(rows, textColumns: 2).lines
    }

    private var latencies: [String] {
        let stages = report.results.contains { $0.hostToDevice != nil }
        let roofline = report.results.contains { $0.rooflinePercent != nil }
        func cell(_ value: Double?) -> String { value.map(milliseconds) ?? "–" }
        let head =
            ["faces", "runtime", "median", "p90", "p95", "p99"] + (stages ? ["to GPU", "compute", "back"] : [])
            + ["first call", "calls", "faces/s"] + (roofline ? ["% of roofline"] : [])
        let rows = report.results.map { result in
            [faces(result.batch), result.runtime]
                + [result.median, result.p90, result.p95, result.p99].map(milliseconds)
                + (stages ? [result.hostToDevice, result.compute, result.deviceToHost].map(cell) : [])
                + [milliseconds(result.first), "\(result.calls)"]
                + [milliseconds(result.facesPerSecond)]
                + (roofline ? [result.rooflinePercent.map { decimal($0, digits: 1) } ?? "–"] : [])
        }
        return ["milliseconds a call"] + TextTable([head] + rows, textColumns: 2).lines
    }

    private var runtimes: [String] {
        let onGPU = report.machine.gpu != nil
        let head =
            ["runtime", "what", "loading, s", "memory, MiB"] + (onGPU ? ["GPU, MiB"] : [])
            + ["least cosine with \(report.runtimes[0].name)"]
        let rows = report.runtimes.map { runtime in
            [
                runtime.name, "\(runtime.backend) \(runtime.version), \(runtime.arithmetic), \(runtime.device)",
                decimal(runtime.loadSeconds, digits: 2), mebibytes(runtime.memory),
            ] + (onGPU ? [mebibytes(runtime.gpuMemory)] : [])
                + [runtime.leastCosine.map { decimal($0, digits: 6) } ?? "–"]
        }
        return TextTable([head] + rows, textColumns: 2).lines
    }

    private func mebibytes(_ bytes: Int?) -> String { bytes.map { "\($0 >> 20)" } ?? "–" }

    private func changes(_ comparison: BenchmarkComparison) -> [String] {
        let rows = comparison.rows.map { row in
            [
                faces(row.batch), row.runtime, milliseconds(row.before), milliseconds(row.now),
                (row.change > 0 ? "+" : "") + decimal(row.change, digits: 1) + " %",
            ]
        }
        return ["against the earlier run"]
            + TextTable([["faces", "runtime", "then, ms", "now, ms", "change"]] + rows, textColumns: 2).lines
            + comparison.notes
    }

    /// A batch size, in a column of numbers that stands before one of names.
    private func faces(_ batch: Int) -> String {
        let width = max("faces".count, report.results.map { "\($0.batch)".count }.max() ?? 0)
        return String(repeating: " ", count: max(0, width - "\(batch)".count)) + "\(batch)"
    }

    /// With three digits that count.
    private func milliseconds(_ value: Double) -> String {
        decimal(value, digits: BenchmarkReport.decimals(of: value))
    }

    /// How many times faster.
    private func factor(_ value: Double) -> String {
        decimal(value, digits: BenchmarkReport.decimals(ofFactor: value)) + "×"
    }
}

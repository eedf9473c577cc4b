package import Evaluation
import Foundation

extension BenchmarkRun {
    /// The benchmark as a page.
    package var page: BenchmarkPage {
        let machine = report.machine
        var facts = [
            ReportPage.Fact("CPU", "\(machine.processor), \(machine.cores) cores, \(machine.threads) threads"),
            ReportPage.Fact("faces", report.method.faces), ReportPage.Fact("measured", report.time),
        ]
        if let gpu = machine.gpu {
            let driver = gpu.driver.map { ", driver \($0)" } ?? ""
            facts.insert(ReportPage.Fact("GPU", gpu.name + driver), at: 0)
            if let clocks = gpu.clocks {
                let most = gpu.maximumClock.map { " of \($0)" } ?? ""
                facts.insert(ReportPage.Fact("SM clock", "\(clocks[0])–\(clocks[2])\(most) MHz"), at: 1)
            }
        }
        let runtimes = report.runtimes.map { runtime in
            BenchmarkPage.Runtime(name: runtime.name, facts: Self.facts(runtime))
        }
        let measurements = zip(report.results, durations).compactMap { result, durations in
            (try? LatencyStatistics(durations)).map { statistics in
                BenchmarkPage.Measurement(
                    runtime: result.runtime, batch: result.batch, statistics: statistics, first: result.first,
                    facesPerSecond: result.facesPerSecond, hostToDevice: result.hostToDevice, compute: result.compute,
                    deviceToHost: result.deviceToHost, rooflinePercent: result.rooflinePercent, durations: durations)
            }
        }
        let changes = comparison.map { comparison in
            comparison.rows.map { row in
                "\(row.runtime), \(row.batch): \(row.change >= 0 ? "+" : "")\(Int(row.change.rounded())) % "
                    + "against the earlier run."
            } + comparison.notes
        }
        return BenchmarkPage(
            summary: report.method.sentence, facts: facts, runtimes: runtimes, measurements: measurements,
            baselines: report.baselines,
            notes: report.leftOut.map(\.sentence) + report.notes + (changes ?? []))
    }

    private static func facts(_ runtime: BenchmarkReport.Runtime) -> [(name: String, value: String)] {
        [
            ("what", "\(runtime.backend) \(runtime.version), \(runtime.arithmetic), \(runtime.device)"),
            ("model", (runtime.model as NSString).lastPathComponent),
            ("loading", "\(hundredths(runtime.loadSeconds)) s"),
            ("memory", runtime.memory.map { "\($0 >> 20) MiB" } ?? "–"),
            ("GPU memory", runtime.gpuMemory.map { "\($0 >> 20) MiB" } ?? "–"),
            ("least cosine", runtime.leastCosine.map { "\(Double(Int($0 * 1e6)) / 1e6)" } ?? "–"),
        ]
    }

    private static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}

extension BenchmarkReport.LeftOut {
    /// For people, in one line.
    package var sentence: String { "left out: \(name): \(reason)" }
}

extension BenchmarkReport.Method {
    /// How it was measured, in one sentence.
    package var sentence: String {
        "\(rounds) turns each, \(Int((warmUp * 1000).rounded())) ms of warm-up, then at least \(duration) s and "
            + "\(iterations) calls for each runtime and batch size"
    }
}

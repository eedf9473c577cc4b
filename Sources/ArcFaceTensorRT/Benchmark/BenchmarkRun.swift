import Evaluation
import FaceImages
import Foundation

/// A benchmark's figures, with every call that they come from.
package struct BenchmarkRun: Sendable {
    /// The figures.
    package let report: BenchmarkReport
    /// Milliseconds of each call, by the places of `report.results`.
    package let durations: [[Double]]
    /// The figures beside those of an earlier run, if one was named.
    package internal(set) var comparison: BenchmarkComparison?

    init(
        _ options: BenchmarkJob.Options, field: BenchmarkJob.Field, machine: BenchmarkMachine, faces: String,
        notes: [String]
    ) {
        let entrants = field.entrants
        var results: [BenchmarkReport.Result] = []
        var durations: [[Double]] = []
        let peaks = entrants.map { Self.peak($0, options: options, machine: machine) }
        for place in options.batchSizes.indices {
            for (entrant, peak) in zip(entrants, peaks) {
                let milliseconds = entrant.cells[place].durations.map { $0 * 1000 }
                // Always finite; empty where the benchmark was stopped before this one's first turn.
                guard let statistics = try? LatencyStatistics(milliseconds) else { continue }
                results.append(Self.result(entrant, place, statistics, peak: peak))
                durations.append(milliseconds)
            }
        }
        self.durations = durations
        report = BenchmarkReport(
            tool: ToolVersion.current, time: ISO8601DateFormatter().string(from: Date()), machine: machine,
            method: BenchmarkReport.Method(
                duration: options.duration, iterations: options.iterations, warmUp: options.warmUp,
                rounds: options.rounds, faces: faces),
            runtimes: zip(entrants, peaks).map(Self.runtime), leftOut: field.leftOut,
            results: results, baselines: Self.baselines(options, entrants), notes: notes)
    }

    private static func baselines(_ options: BenchmarkJob.Options, _ entrants: [BenchmarkEntrant]) -> [String] {
        let named = options.baselines.filter { name in entrants.contains { $0.name.name == name } }
        if !named.isEmpty { return named }
        let names = entrants.filter { entrant in
            let information = entrant.loaded.runtime.information
            return information.backend == Backend.pyTorch.rawValue && information.precision == .fp32
        }.map(\.name.name)
        return names.isEmpty ? entrants.prefix(1).map(\.name.name) : names
    }

    private static func runtime(
        _ entrant: BenchmarkEntrant, _ peak: BenchmarkReport.Peak?
    ) -> BenchmarkReport.Runtime {
        let information = entrant.loaded.runtime.information
        return BenchmarkReport.Runtime(
            name: entrant.name.name, backend: information.backend, version: information.runtimeVersion,
            device: information.device, model: information.modelPath, arithmetic: entrant.arithmetic.rawValue,
            modelDigest: entrant.modelDigest, operationsPerFace: entrant.model?.flops, loadSeconds: entrant.loadSeconds,
            memory: entrant.memory, gpuMemory: entrant.gpuMemory, leastCosine: entrant.leastCosine, peak: peak,
            warnings: entrant.loaded.warnings)
    }

    private static func peak(
        _ entrant: BenchmarkEntrant, options: BenchmarkJob.Options, machine: BenchmarkMachine
    ) -> BenchmarkReport.Peak? {
        let onGPU = !entrant.loaded.runtime.information.device.hasPrefix("CPU")
        let known = onGPU ? machine.gpu.flatMap { GPUPeak.of($0.name) } : nil
        guard let tera = options.peakTFLOPS ?? known?.teraOperations(entrant.arithmetic) else { return nil }
        let given = options.peakTFLOPS != nil || options.peakGBs != nil
        return BenchmarkReport.Peak(
            teraOperations: tera, gigabytes: options.peakGBs ?? known?.gigabytes,
            source: given ? "given" : known?.source ?? "given")
    }

    private static func result(
        _ entrant: BenchmarkEntrant, _ place: Int, _ statistics: LatencyStatistics, peak: BenchmarkReport.Peak?
    ) -> BenchmarkReport.Result {
        let cell = entrant.cells[place]
        func median(_ stage: KeyPath<StageTimes, Duration>) -> Double? {
            (try? LatencyStatistics(cell.stages.map { $0[keyPath: stage].inSeconds * 1000 }))?.median
        }
        let onCPU = entrant.loaded.runtime.information.device.hasPrefix("CPU")
        // On a CPU nothing is copied: the call is the computing.
        let compute = median(\.compute) ?? (onCPU ? statistics.median : nil)
        return BenchmarkReport.Result(
            runtime: entrant.name.name, batch: cell.batch, calls: statistics.count, median: statistics.median,
            mean: statistics.mean, least: statistics.min, p90: statistics.p90, p95: statistics.p95, p99: statistics.p99,
            most: statistics.max, first: cell.firstCall * 1000,
            facesPerSecond: Double(cell.batch) / statistics.mean * 1000,
            hostToDevice: median(\.hostToDevice), compute: compute, deviceToHost: median(\.deviceToHost),
            rooflinePercent: percent(entrant, batch: cell.batch, milliseconds: compute ?? statistics.median, peak: peak)
        )
    }

    private static func percent(
        _ entrant: BenchmarkEntrant, batch: Int, milliseconds: Double, peak: BenchmarkReport.Peak?
    ) -> Double? {
        guard let peak, let model = entrant.model, let operations = model.flops else { return nil }
        let bytesPerWeight: Double =
            switch entrant.arithmetic {
            case .fp32, .tf32: 4
            case .fp16: 2
            case .int8: 1
            }
        let width = entrant.loaded.runtime.information.embeddingWidth
        let roofline = Roofline(
            operations: Double(operations), weightBytes: Double(model.parameters) * bytesPerWeight,
            faceBytes: Double(FaceBatch.bytesPerFace + 4 * width), peakOperations: peak.teraOperations * 1e12,
            peakBytes: peak.gigabytes.map { $0 * 1e9 })
        return roofline.leastTime(batch: batch) / (milliseconds / 1000) * 100
    }
}

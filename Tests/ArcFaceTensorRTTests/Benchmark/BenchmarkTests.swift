import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite struct BenchmarkTests {
    private static func machine(_ processor: String = "CPU X", cores: Int = 2, gpu: String? = nil) -> BenchmarkMachine {
        BenchmarkMachine(
            processor: processor, cores: cores, threads: cores,
            gpu: gpu.map { BenchmarkMachine.GPU(name: $0, driver: "580.1", memory: 1 << 30) })
    }

    private static func report(
        _ medians: [(String, Int, Double)], machine: BenchmarkMachine = machine(), digest: String = "d",
        baselines: [String] = ["a"], leftOut: [BenchmarkReport.LeftOut] = []
    ) -> BenchmarkReport {
        let names = medians.map(\.0).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return BenchmarkReport(
            tool: "1", time: "2026-01-01T00:00:00Z", machine: machine,
            method: .init(duration: 3, iterations: 10, warmUp: 0.2, rounds: 5, faces: "noise"),
            runtimes: names.map { name in
                .init(
                    name: name, backend: "onnxruntime", version: "1", device: "CPU", model: "m.onnx",
                    arithmetic: "fp32",
                    modelDigest: digest, operationsPerFace: nil, loadSeconds: 1, memory: 1, gpuMemory: nil,
                    leastCosine: nil, peak: nil, warnings: [])
            }, leftOut: leftOut,
            results: medians.map { name, batch, median in
                .init(
                    runtime: name, batch: batch, calls: 10, median: median, mean: median, least: median, p90: median,
                    p95: median, p99: median, most: median, first: 9, facesPerSecond: 1, hostToDevice: 0.5,
                    compute: nil, deviceToHost: nil, rooflinePercent: nil)
            }, baselines: baselines, notes: [])
    }

    @Test func theUsersTableTellsHowManyTimesFasterEachRuntimeIs() {
        let report = Self.report([("a", 1, 10), ("b", 1, 20), ("c", 1, 4)], baselines: ["a", "b"])
        let row = report.speedups.first { $0.runtime == "c" }
        #expect(row?.baselines.map(\.factor) == [2.5, 5])
        // A baseline stands beside the other one, not beside itself.
        #expect(report.speedups.first { $0.runtime == "a" }?.baselines.map(\.runtime) == ["b"])
        #expect(Self.report([("a", 1, 10), ("c", 1, 4)]).speedups.map(\.runtime) == ["c"])
    }

    @Test func whatIsLeftOutIsInEveryFile() throws {
        let reason = "no driver, \"none\" at all"
        let report = Self.report([("a", 1, 10)], leftOut: [.init(name: "cuda:fp16", reason: reason)])
        let lines = report.csv.split(separator: "\n").map(String.init)
        #expect(lines.count == 3 && lines[2] == "cuda:fp16,,,,,,,,,,,,,,,,\"no driver, \"\"none\"\" at all\"")
        // As many fields as the head has names.
        #expect(lines[0].count { $0 == "," } == 16 && lines[1].count { $0 == "," } == 16)
        #expect(report.json.contains("left_out") && report.leftOut[0].sentence == "left out: cuda:fp16: \(reason)")
    }

    @Test(arguments: [
        (0.01341, 4), (0.1634, 3), (1.366, 2), (10.42, 1), (53.19, 1), (163.4, 0), (1340.2, 0), (9.996, 1), (0.9996, 2),
        (99.96, 0), (0, 0), (.nan, 0), (.infinity, 0), (1e-12, 6), (-1.366, 2),
    ])
    func threeDigitsCount(_ value: Double, _ decimals: Int) {
        #expect(BenchmarkReport.decimals(of: value) == decimals)
    }

    @Test(arguments: [(0.03691, 4), (0.703, 2), (1.4219, 2), (14.23, 1), (142.3, 0), (8692, 0)])
    func factorsHaveTwoDecimalsAtMostUnlessTheyAreSmall(_ value: Double, _ decimals: Int) {
        #expect(BenchmarkReport.decimals(ofFactor: value) == decimals)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let report = Self.report(
            [("a", 1, 10.25), ("b", 8, 20.5)], machine: Self.machine(gpu: "NVIDIA H100 PCIe"),
            leftOut: [.init(name: "c", reason: "why")])
        let path = NSTemporaryDirectory() + "benchmark-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try report.json.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try BenchmarkReport(path: path) == report)
        try "{}".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: ArcFaceError.self) { try BenchmarkReport(path: path) }
    }

    @Test func runsOfOneMachineAreCompared() throws {
        let before = Self.report([("a", 1, 10), ("a", 8, 40), ("old", 1, 3)])
        let now = Self.report([("a", 1, 12), ("a", 8, 30), ("new", 1, 3)])
        let comparison = try BenchmarkComparison(now, with: before, at: "before.json")
        #expect(comparison.rows.map { $0.change.rounded() } == [20, -25])
    }

    @Test(arguments: [
        (machine("CPU Y"), "d", "another machine"), (machine(cores: 4), "d", "another machine"),
        (machine(gpu: "NVIDIA H100 PCIe"), "d", "another machine"), (machine(), "other", "another model"),
    ])
    func otherMachinesAndModelsAreRefused(_ machine: BenchmarkMachine, _ digest: String, _ reason: String) {
        let before = Self.report([("a", 1, 10)], machine: machine, digest: digest)
        let error = #expect(throws: ArcFaceError.self) {
            try BenchmarkComparison(Self.report([("a", 1, 10)]), with: before, at: "before.json")
        }
        #expect(error?.description.contains(reason) == true)
    }

    @Test func nothingInCommonIsRefused() {
        #expect(throws: ArcFaceError.self) {
            try BenchmarkComparison(Self.report([("a", 1, 1)]), with: Self.report([("a", 2, 1), ("b", 1, 1)]), at: "f")
        }
    }

    @Test(arguments: [
        ("NVIDIA H100 80GB HBM3", 989.4), ("NVIDIA H100 PCIe", 756), ("NVIDIA H200", 989.4),
        ("NVIDIA A100-SXM4-80GB", 312), ("NVIDIA A10", 125), ("NVIDIA L40S", 362), ("NVIDIA L4", 121),
        ("Tesla T4", 65),
    ])
    func peaksAreFoundByName(_ name: String, _ half: Double) {
        #expect(GPUPeak.of(name)?.teraOperations(.fp16) == half)
    }

    @Test(arguments: ["NVIDIA A1000", "NVIDIA L40", "NVIDIA GeForce RTX 4090", "NVIDIA A10G", ""])
    func otherGPUsHaveNoKnownPeak(_ name: String) {
        #expect(GPUPeak.of(name) == nil)
    }

    @Test func theRooflineIsTheLongerOfArithmeticAndMemory() {
        let roofline = Roofline(
            operations: 24e9, weightBytes: 130e6, faceBytes: 40e3, peakOperations: 1e15, peakBytes: 3e12)
        // 43.3 µs for the weights; 24 µs of arithmetic a face.
        #expect(abs(roofline.leastTime(batch: 1) - 130.04e6 / 3e12) < 1e-12)
        #expect(abs(roofline.leastTime(batch: 8) - 8 * 24e-6) < 1e-12)
    }

    @Test func memoryOfTheProcessIsCounted() {
        let before = ProcessMemory.ofTree()
        let block = [UInt8](repeating: 1, count: 64 << 20)
        let after = ProcessMemory.ofTree()
        #expect(before > 1 << 20 && after - before > 32 << 20)
        #expect(block.last == 1)
    }
}

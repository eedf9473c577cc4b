import ArcFaceTensorRT
import ArgumentParser

/// On what a benchmark runs.
struct BenchmarkPlaceOptions: ParsableArguments {
    @Option(
        help: "Where pytorch and onnxruntime compute: cpu or cuda (configuration: pytorch.device, onnxruntime.device).")
    var device: String?

    @Option(help: "Threads of runtimes on the CPU; 0 takes all cores (default: 0).")
    var threads: Int?

    @Option(
        help: ArgumentHelp("The GPU's peak for the percentage of the roofline, in TFLOP a second.", valueName: "number")
    )
    var peakTflops: Double?

    @Option(help: ArgumentHelp("The GPU's peak of memory, in GB a second.", valueName: "number"))
    var peakGbs: Double?

    func validate() throws {
        if let peakTflops, !(peakTflops > 0) { throw ValidationError("--peak-tflops \(peakTflops): must be above 0") }
        if let peakGbs, !(peakGbs > 0) { throw ValidationError("--peak-gbs \(peakGbs): must be above 0") }
    }

    var overrides: [ConfigurationOverride] {
        [
            device.map { ConfigurationOverride(key: "pytorch.device", value: $0, option: "--device") },
            device.map { ConfigurationOverride(key: "onnxruntime.device", value: $0, option: "--device") },
            threads.map { ConfigurationOverride(key: "onnxruntime.threads", value: "\($0)", option: "--threads") },
        ].compactMap { $0 }
    }
}

/// Where a benchmark's figures go.
struct BenchmarkOutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON object; --compare-with reads it.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write the same to a file. This file, --csv and --report are written anew after each round.",
            valueName: "file.json"))
    var save: String?

    @Option(help: ArgumentHelp("Write a line for each runtime and batch size.", valueName: "file.csv"))
    var csv: String?

    @Option(help: ArgumentHelp("Write a page with tables, bars and the times' distribution.", valueName: "file.html"))
    var report: String?

    @Option(help: ArgumentHelp("Compare with an earlier run of this machine and model.", valueName: "file.json"))
    var compareWith: String?

    /// Minutes of measuring shall not end at a mistyped path.
    func check() throws(ArcFaceError) {
        try BenchmarkRun.checkOutputs([save, csv, report].compactMap { $0 })
    }

    /// Writes the files.
    func keep(_ run: BenchmarkRun) throws(ArcFaceError) {
        if let save { try run.write(run.report.json + "\n", to: save) }
        if let csv { try run.write(run.report.csv, to: csv) }
        if let report { try run.write(run.page.html(), to: report) }
    }

    /// Writes the files, and prints.
    func write(_ run: BenchmarkRun) throws(ArcFaceError) {
        try keep(run)
        try StandardOutput.write(json ? run.report.json : BenchmarkText(run).text)
    }
}

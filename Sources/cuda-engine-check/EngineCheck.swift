import ArcFaceTensorRT
import FaceImages
import Foundation

/// What is found out about an engine of our own on a real GPU.
enum EngineCheck {
    private static let faceByteCount = 112 * 112 * 3

    /// Builds an engine on the GPU here, and tells how long that took.
    ///
    /// - Parameter tiles: `measured` or `table`; nil leaves it to the program.
    static func build(model: String, folder: String, largest: String, tiles: String?) throws {
        let loaded = try ArcFaceConfiguration.load(
            overrides: [
                ConfigurationOverride(key: "tensorrt.onnx_path", value: model, option: "MODEL"),
                ConfigurationOverride(
                    key: "tensorrt.model_name",
                    value: URL(filePath: model).deletingPathExtension().lastPathComponent, option: "MODEL"),
                ConfigurationOverride(key: "tensorrt.engine_local_dir", value: folder, option: "FOLDER"),
                ConfigurationOverride(key: "tensorrt.max_batch_size", value: largest, option: "LARGEST-BATCH"),
                ConfigurationOverride(key: "tensorrt.precision", value: "fp16", option: "MODEL"),
            ])
        let job = EngineBuildJob(
            options: EngineBuildJob.Options(
                runtime: .cuda, force: true, tiles: tiles.flatMap { EngineBuildJob.Tiles(rawValue: $0) }),
            configuration: loaded.configuration)
        let summary = try job.run(report: { event in
            if case .message(let line) = event { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
        })
        if let summary { print(summary.json) }
    }

    /// Embeds all faces at once, and some alone; with `measures` also tells times.
    static func run(engine: String, faces path: String, output: String, measures: Bool) async throws {
        let pixels = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let count = pixels.count / faceByteCount
        let faces = try FaceBatch(count: count, pixels: pixels)
        let clock = ContinuousClock()
        let start = clock.now
        let arcface = try TensorRTArcFace(enginePath: engine, devices: [0])
        let loading = clock.now - start
        let runtime = arcface.runtime
        let together = try runtime.rawEmbeddings(of: faces)
        try Data(together.withUnsafeBytes { Array($0) }).write(to: URL(filePath: output))
        let width = arcface.information.embeddingWidth
        var differing = 0
        for face in stride(from: 0, to: count, by: max(1, count / 64)) {
            let one = try FaceBatch(
                count: 1, pixels: Array(pixels[face * faceByteCount..<(face + 1) * faceByteCount]))
            let alone = try runtime.rawEmbeddings(of: one)
            if alone != Array(together[face * width..<(face + 1) * width]) { differing += 1 }
        }
        report([
            "engine": URL(filePath: engine).lastPathComponent, "faces": count, "load_seconds": seconds(loading),
            "rows_that_differ_alone": differing, "not_finite": together.filter { !$0.isFinite }.count,
        ])
        guard measures else { return }
        for batch in [1, 8, 32, 256] { try measure(runtime, pixels, batch) }
    }

    /// Faces a second with bytes on the host in and numbers on the host out, and the stages of one call.
    private static func measure(_ runtime: any EmbeddingRuntime, _ pixels: [UInt8], _ batch: Int) throws {
        let width = runtime.information.embeddingWidth
        // As many batches as are on their way at once, in each call.
        let count = batch * runtime.concurrency
        var input: [UInt8] = []
        while input.count < count * faceByteCount { input += pixels.prefix(count * faceByteCount - input.count) }
        var output = [Float](repeating: .nan, count: count * width)
        func call(_ faces: Int) throws {
            try input.withUnsafeBytes { pixels in
                try output.withUnsafeMutableBufferPointer { output in
                    try runtime.embed(
                        UnsafeRawBufferPointer(rebasing: pixels[..<(faces * faceByteCount)]), count: faces,
                        into: UnsafeMutableBufferPointer(rebasing: output[..<(faces * width)]))
                }
            }
        }
        for _ in 0..<5 { try call(count) }
        let clock = ContinuousClock()
        var calls = 0
        let start = clock.now
        while clock.now - start < .seconds(1) {
            try call(count)
            calls += 1
        }
        let rate = Double(calls * count) / seconds(clock.now - start)
        var latencies: [Double] = []
        for _ in 0..<50 {
            let began = clock.now
            try call(batch)
            latencies.append(seconds(clock.now - began) * 1000)
        }
        var fields: [String: Any] = [
            "batch": batch, "host_faces_per_second": rate, "call_ms_median": latencies.sorted()[25],
        ]
        if let timed = runtime as? any StageTimedRuntime {
            var compute: [Double] = []
            for _ in 0..<30 {
                let times = try input.withUnsafeBytes { pixels in
                    try output.withUnsafeMutableBufferPointer { output in
                        try timed.embedTimed(
                            UnsafeRawBufferPointer(rebasing: pixels[..<(batch * faceByteCount)]), count: batch,
                            into: UnsafeMutableBufferPointer(rebasing: output[..<(batch * width)]))
                    }
                }
                compute.append(seconds(times.compute) * 1000)
            }
            let median = compute.sorted()[15]
            fields["device_ms_median"] = median
            fields["host_rate_by_device_rate"] = rate / (Double(batch) / median * 1000)
        }
        report(fields)
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    private static func report(_ fields: [String: Any]) {
        guard let data = try? JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys]) else { return }
        print(String(decoding: data, as: UTF8.self))
    }
}

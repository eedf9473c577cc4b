import ArcFaceTensorRT
import FaceImages
import Foundation

/// What is found out about an engine of our own on a real GPU.
enum EngineCheck {
    private static let faceByteCount = 112 * 112 * 3

    /// Builds an engine on the GPU here, and tells how long that took.
    ///
    /// - Parameters:
    ///   - model: its ONNX file.
    ///   - folder: where the engine goes.
    ///   - largest: the largest batch.
    ///   - precision: `fp16` or `fp32`.
    ///   - tiles: `measured` or `table`; nil leaves it to the program.
    /// - Throws: what the build throws.
    static func build(model: String, folder: String, largest: String, precision: String, tiles: String?) throws {
        let loaded = try ArcFaceConfiguration.load(
            overrides: [
                ConfigurationOverride(key: "tensorrt.onnx_path", value: model, option: "MODEL"),
                ConfigurationOverride(
                    key: "tensorrt.model_name",
                    value: URL(filePath: model).deletingPathExtension().lastPathComponent, option: "MODEL"),
                ConfigurationOverride(key: "tensorrt.engine_local_dir", value: folder, option: "FOLDER"),
                ConfigurationOverride(key: "tensorrt.max_batch_size", value: largest, option: "LARGEST-BATCH"),
                ConfigurationOverride(key: "tensorrt.precision", value: precision, option: "PRECISION"),
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
        let rows = RowCheck(runtime, pixels, together: together)
        report(
            [
                "engine": URL(filePath: engine).lastPathComponent, "faces": count, "load_seconds": loading.inSeconds,
                "not_finite": together.filter { !$0.isFinite }.count,
            ].merging(try rows.alone()) { _, new in new }.merging(try rows.elsewhere()) { _, new in new })
        guard measures else { return }
        try rates(of: runtime, pixels, seconds: 8)
    }

    /// Tells rates and stages at each of some batch sizes, the largest for some seconds, the others for less.
    static func rates(engine: String, faces path: String, seconds: Double) throws {
        let pixels = [UInt8](try Data(contentsOf: URL(filePath: path)))
        try rates(of: try TensorRTArcFace(enginePath: engine, devices: [0]).runtime, pixels, seconds: seconds)
    }

    private static func rates(of runtime: any EmbeddingRuntime, _ pixels: [UInt8], seconds: Double) throws {
        guard let runtime = runtime as? any EngineRates.Runtime, let largest = runtime.batchSizes.last else {
            throw ArcFaceError(.unavailable, "the engine's stages can't be told apart")
        }
        guard !pixels.isEmpty, pixels.count.isMultiple(of: faceByteCount) else {
            throw ArcFaceError(.invalidInput, "\(pixels.count) bytes aren't whole faces of \(faceByteCount)")
        }
        let faces = try FaceMemory(pixels, count: runtime.maximumBatch, width: runtime.information.embeddingWidth)
        for batch in runtime.batchSizes.filter({ $0 <= 32 }) + [largest] {
            report(
                try EngineRates(runtime, faces, batch: batch).measure(
                    seconds: batch == largest ? seconds : min(2, seconds)))
        }
    }

    private static func report(_ fields: [String: Any]) {
        guard let data = try? JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys]) else { return }
        print(String(decoding: data, as: UTF8.self))
    }
}

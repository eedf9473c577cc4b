import ArcFaceTensorRT
import ArgumentParser
import Foundation

/// Which model becomes an engine.
struct EngineModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The ArcFace model (configuration: tensorrt.onnx_path).", valueName: "file.onnx"))
    var onnxPath: String?

    @Option(
        help: ArgumentHelp(
            "The name in the engine's file name (default: the ONNX file's, if --onnx-path names one; configuration: tensorrt.model_name).",
            valueName: "name"))
    var modelName: String?

    @Option(help: "fp32, fp16 or int8 (configuration: tensorrt.precision).")
    var precision: String?

    @Option(help: ArgumentHelp("The most faces at once (configuration: tensorrt.max_batch_size).", valueName: "n"))
    var maxBatchSize: Int?

    var overrides: [ConfigurationOverride] {
        [
            name.map { ConfigurationOverride(key: "tensorrt.model_name", value: $0.value, option: $0.option) },
            onnxPath.map { ConfigurationOverride(key: "tensorrt.onnx_path", value: $0, option: "--onnx-path") },
            precision.map { ConfigurationOverride(key: "tensorrt.precision", value: $0, option: "--precision") },
            maxBatchSize.map {
                ConfigurationOverride(key: "tensorrt.max_batch_size", value: "\($0)", option: "--max-batch-size")
            },
        ].compactMap { $0 }
    }

    private var name: (value: String, option: String)? {
        if let modelName { return (modelName, "--model-name") }
        return onnxPath.map { (ModelFileName.engineName($0), "--onnx-path, as --model-name isn't given") }
    }
}

/// How it is built, and where it goes.
struct BuildingOptions: ParsableArguments {
    @Option(
        help:
            "tensorrt, tensorrt-rtx, or cuda, our own kernels (default: embedding.backend if it is one, else tensorrt).",
        transform: RuntimeName.builder)
    var runtime: EngineBuildJob.Runtime?

    @Option(
        help: ArgumentHelp(
            "GPU memory in MiB that the builder may use as scratch space (configuration: tensorrt.workspace_size_mb).",
            valueName: "mib"))
    var workspaceSizeMb: Int?

    @Option(help: ArgumentHelp("0 builds fastest, 5 runs fastest (default: TensorRT's own, 3).", valueName: "0…5"))
    var optimizationLevel: Int?

    @Option(
        help: ArgumentHelp(
            "Measurements kept between builds (default: a file in the folder of engines for each kind of GPU; none for TensorRT-RTX).",
            valueName: "file"))
    var timingCache: String?

    @Option(help: "Other GPUs that may run a TensorRT engine: none, ampere+, or same-cc (TensorRT 10 and newer).")
    var hardwareCompatibility: EngineBuildJob.HardwareCompatibility = .none

    @Flag(help: "Later TensorRT of the same major version may run the engine.")
    var versionCompatible = false

    @Option(
        help: ArgumentHelp(
            "TensorRT-RTX and cuda: build for this GPU, such as 86 for compute capability 8.6. TensorRT-RTX takes several (default: RTX GPUs from Ampere on); cuda one (default: the GPU here).",
            valueName: "cc"))
    var computeCapability: [Int] = []

    @Option(
        help: """
            cuda: where the tiles of its kernels come from: measured on the GPU, which takes up to a minute once and is kept in the timing \
            cache, or the program's table (default: measured where a GPU of the engine's kind is here).
            """)
    var tiles: EngineBuildJob.Tiles?

    @Option(
        help: ArgumentHelp("The folder of engines (configuration: tensorrt.engine_local_dir).", valueName: "folder"))
    var outputDir: String?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Compare the new engine with the reference before it gets its name; one that fails is kept as .rejected (default: where a \
            reference, faces and a GPU are there; configuration: tensorrt.accept). With --accept a stored engine that nobody has compared \
            is compared too, without building it again.
            """)
    var accept: Bool?

    @Option(
        help: ArgumentHelp(
            "The model's licence for the manifest, such as Apache-2.0 or CC-BY-NC-4.0.", valueName: "name"))
    var license: String?

    @Flag(help: "Build even if a stored engine fits.")
    var force = false

    func validate() throws {
        if let optimizationLevel, !(0...5).contains(optimizationLevel) {
            throw ValidationError("--optimization-level \(optimizationLevel): must be 0…5")
        }
    }

    var overrides: [ConfigurationOverride] {
        [
            workspaceSizeMb.map {
                ConfigurationOverride(key: "tensorrt.workspace_size_mb", value: "\($0)", option: "--workspace-size-mb")
            },
            outputDir.map {
                ConfigurationOverride(key: "tensorrt.engine_local_dir", value: $0, option: "--output-dir")
            },
        ].compactMap { $0 }
    }

    func options(calibration: ModelPreparation.Calibration?) -> EngineBuildJob.Options {
        EngineBuildJob.Options(
            runtime: runtime, optimizationLevel: optimizationLevel, timingCachePath: timingCache,
            hardwareCompatibility: hardwareCompatibility, versionCompatible: versionCompatible,
            computeCapabilities: computeCapability, force: force, calibration: calibration,
            acceptance: accept.map { $0 ? .required : .off }, license: license, tiles: tiles)
    }
}

extension EngineBuildJob.HardwareCompatibility: ExpressibleByArgument {}
extension EngineBuildJob.Tiles: ExpressibleByArgument {}

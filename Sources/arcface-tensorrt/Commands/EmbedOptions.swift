import ArcFaceTensorRT
import ArgumentParser
import Foundation

/// Which model, on what.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The ArcFace model (configuration: tensorrt.onnx_path).", valueName: "file.onnx"))
    var model: String?

    @Option(
        help: ArgumentHelp("The YuNet face detector (configuration: detection.model_path).", valueName: "file.onnx"))
    var detector: String?

    @Option(
        help: "What runs the model: auto, onnxruntime, tensorrt, tensorrt-rtx, cuda or pytorch.",
        transform: RuntimeName.backend)
    var runtime: Backend?

    @Option(
        help: ArgumentHelp(
            "Compute in fp32, fp16 or int8 (default: the model's own; configuration: onnxruntime.precision, and tensorrt.precision for engines)."
        ))
    var precision: String?

    @Option(
        help: ArgumentHelp(
            "For int8 of a float32 model: photos, a folder or a list file to calibrate on (configuration: embedding.calibration_faces).",
            valueName: "path"))
    var calibrationFaces: String?

    @Option(help: "Worker threads; 0 takes all cores (default: 0).")
    var threads: Int?

    @Flag(help: "Fail if no GPU runtime can run the model.")
    var requireGpu = false

    var overrides: [ConfigurationOverride] {
        [
            model.map { ConfigurationOverride(key: "tensorrt.onnx_path", value: $0, option: "--model") },
            // An engine of this model must not go by the name of the configured one.
            model.map {
                ConfigurationOverride(
                    key: "tensorrt.model_name", value: ModelFileName.engineName($0), option: "--model")
            },
            detector.map { ConfigurationOverride(key: "detection.model_path", value: $0, option: "--detector") },
            runtime.map { ConfigurationOverride(key: "embedding.backend", value: $0.rawValue, option: "--runtime") },
            precision.map {
                ConfigurationOverride(key: "onnxruntime.precision", value: $0, option: "--precision")
            },
            precision.map {
                ConfigurationOverride(key: "tensorrt.precision", value: $0, option: "--precision")
            },
            calibrationFaces.map {
                ConfigurationOverride(key: "embedding.calibration_faces", value: $0, option: "--calibration-faces")
            },
            threads.map { ConfigurationOverride(key: "onnxruntime.threads", value: "\($0)", option: "--threads") },
            requireGpu
                ? ConfigurationOverride(key: "embedding.require_gpu", value: "true", option: "--require-gpu") : nil,
        ].compactMap { $0 }
    }
}

/// Which faces are taken, and from what.
struct FaceOptions: ParsableArguments {
    enum Selection: String, ExpressibleByArgument, CaseIterable {
        case all, largest
    }

    @Flag(help: "Inputs are 112×112 crops, aligned already.")
    var aligned = false

    @Option(help: "Take all faces of a photo, or the largest.")
    var faces: Selection = .all

    @Option(help: "Leave out faces below this detector score, 0…1 (default: 0.6; configuration: detection.min_score).")
    var minScore: Double?

    @Option(
        help: ArgumentHelp(
            "Take landmarks from a file instead of detecting: JSON Lines, or 'path x1 y1 … x5 y5'.", valueName: "file"))
    var landmarks: String?

    @Option(help: "Refuse photos with more pixels (default: 100000000; configuration: input.max_pixels).")
    var maxPixels: Int?

    var overrides: [ConfigurationOverride] {
        [
            minScore.map { ConfigurationOverride(key: "detection.min_score", value: "\($0)", option: "--min-score") },
            maxPixels.map { ConfigurationOverride(key: "input.max_pixels", value: "\($0)", option: "--max-pixels") },
        ].compactMap { $0 }
    }
}

/// Where the settings come from.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The configuration file (default: config/pipeline/arcface_tensorrt.yaml if it is there).",
            valueName: "file.yaml"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "Another pipeline's file, of which only embedding.backend is read.", valueName: "file.yaml"))
    var pipelineConfig: String?

    /// The configuration with the command line on top.
    func load(overrides: [ConfigurationOverride]) throws(ConfigurationError) -> LoadedConfiguration {
        try ArcFaceConfiguration.load(
            file: config, environment: ProcessInfo.processInfo.environment, overrides: overrides,
            pipelineFile: pipelineConfig)
    }

    /// The configuration, or what is wrong with it.
    func result(overrides: [ConfigurationOverride]) -> Result<LoadedConfiguration, ConfigurationError> {
        Result { () throws(ConfigurationError) in try load(overrides: overrides) }
    }
}

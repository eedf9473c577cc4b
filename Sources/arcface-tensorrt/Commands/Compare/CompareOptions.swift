import ArcFaceTensorRT
import ArgumentParser

/// The candidate and the reference.
struct ComparedSides: ParsableArguments {
    /// What may be a reference: something that computes in fp32.
    enum Reference: String, ExpressibleByArgument, CaseIterable {
        case pytorch, onnxruntime

        var backend: Backend {
            switch self {
            case .pytorch: .pyTorch
            case .onnxruntime: .onnxRuntime
            }
        }
    }

    @Option(
        help: ArgumentHelp(
            "The candidate's ONNX model or prepared file (configuration: tensorrt.onnx_path).", valueName: "file.onnx"))
    var onnxPath: String?

    @Option(
        help: ArgumentHelp(
            "What runs the candidate: auto, onnxruntime, tensorrt, tensorrt-rtx, cuda or pytorch (configuration: embedding.backend).",
            valueName: "runtime"), transform: RuntimeName.backend)
    var candidate: Backend?

    @Option(
        help: "The candidate computes in fp32, fp16 or int8 (default: the model's own, or the configured one).",
        transform: Precision.parse)
    var precision: Precision?

    @Option(
        help: ArgumentHelp(
            "The candidate is this engine, whose manifest says what runs it; --onnx-path is what it was built from.",
            valueName: "file.plan"))
    var enginePath: String?

    @Option(help: "What runs the reference: pytorch or onnxruntime (default: pytorch where it is found).")
    var reference: Reference?

    @Option(
        help: ArgumentHelp(
            "The reference's ONNX file, in fp32 (default: the candidate's ONNX file).", valueName: "file.onnx"))
    var referenceOnnx: String?

    func validate() throws {
        if enginePath != nil, candidate != nil || precision != nil {
            throw ValidationError(
                "--engine-path: an engine has its own runtime and precision; drop --candidate and --precision")
        }
    }

    var named: NamedRuntime {
        if let enginePath { return NamedRuntime(source: .engine(enginePath)) }
        return NamedRuntime(
            candidate, precision: precision, source: onnxPath.map { NamedRuntime.Source.model($0) } ?? .configured)
    }

    var overrides: [ConfigurationOverride] {
        onnxPath.map { path in
            [
                ConfigurationOverride(key: "tensorrt.onnx_path", value: path, option: "--onnx-path"),
                ConfigurationOverride(
                    key: "tensorrt.model_name", value: ModelFileName.engineName(path), option: "--onnx-path"),
            ]
        } ?? []
    }
}

/// The faces that are compared.
struct ComparedFaces: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Photos, aligned crops, folders or list files (configuration: comparison.faces).", valueName: "path"))
    var faces: [String] = []

    @Option(
        help: ArgumentHelp(
            "Faces to compare, evenly spread; fewer are an error (default: 100; configuration: comparison.n_samples).",
            valueName: "n"))
    var nSamples: Int?

    @Flag(help: "All images must be aligned 112×112 crops.")
    var aligned = false

    @Option(
        help: ArgumentHelp("The YuNet face detector (configuration: detection.model_path).", valueName: "file.onnx"))
    var detector: String?

    func validate() throws {
        if let nSamples, !(1...1_000_000).contains(nSamples) {
            throw ValidationError("--n-samples \(nSamples): must be 1…1000000")
        }
    }

    var overrides: [ConfigurationOverride] {
        [
            nSamples.map { ConfigurationOverride(key: "comparison.n_samples", value: "\($0)", option: "--n-samples") },
            detector.map { ConfigurationOverride(key: "detection.model_path", value: $0, option: "--detector") },
        ].compactMap { $0 }
    }

    func options(_ configuration: ArcFaceConfiguration) -> FaceSource.Options {
        let configured = configuration.comparison.faces.map { [$0] } ?? []
        return FaceSource.Options(
            paths: faces.isEmpty ? configured : faces, count: configuration.comparison.sampleCount, aligned: aligned)
    }
}

extension RawRepresentable where Self: CaseIterable, RawValue == String {
    /// Reads one of a public type's cases, for `@Option(transform:)`.
    ///
    /// - Throws: `ValidationError` that lists the cases.
    static func parse(_ text: String) throws -> Self {
        if let value = Self(rawValue: text) { return value }
        throw ValidationError("'\(text)' is none of \(allCases.map(\.rawValue).joined(separator: ", "))")
    }
}

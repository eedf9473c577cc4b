import ArcFaceTensorRT
import ArgumentParser

/// What a Python process with PyTorch runs, and where.
struct PyTorchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run these original weights in place of the ONNX model (configuration: pytorch.checkpoint).",
            valueName: "backbone.pth"))
    var checkpoint: String?

    @Option(
        help: """
            The checkpoint's architecture: r18, r34, r50, r100, r200 or mbf (default: told by the names of its weights; configuration: \
            pytorch.arch).
            """)
    var arch: String?

    @Option(
        help: "Where pytorch and onnxruntime compute: cpu or cuda (configuration: pytorch.device, onnxruntime.device).")
    var device: String?

    /// The settings, and with `--runtime pytorch` also those that other options mean for it.
    func overrides(runtime: ModelOptions) -> [ConfigurationOverride] {
        [
            checkpoint.map { ConfigurationOverride(key: "pytorch.checkpoint", value: $0, option: "--checkpoint") },
            arch.map { ConfigurationOverride(key: "pytorch.arch", value: $0, option: "--arch") },
            device.map { ConfigurationOverride(key: "pytorch.device", value: $0, option: "--device") },
            device.map { ConfigurationOverride(key: "onnxruntime.device", value: $0, option: "--device") },
            runtime.runtime == .pyTorch
                ? runtime.precision.map {
                    ConfigurationOverride(key: "pytorch.mode", value: $0, option: "--precision")
                } : nil,
        ].compactMap { $0 }
    }
}

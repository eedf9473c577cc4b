/// Every key there is, described once. Parsing, validation, the environment, `config show`, the reference and the
/// sample file all read this table; a key that isn't in it doesn't exist.
enum ConfigurationSchema {
    /// In the order of the sample file.
    static let sections: [ConfigurationSection] = [
        service, embedding, tensorRT, preprocessing, detection, input, onnxRuntime, pyTorch, comparison, int8Comparison,
        benchmark, storage,
    ]

    private static let service = ConfigurationSection(
        "arcface_tensorrt", \.self, "The switch for everything that needs an NVIDIA library.",
        [
            .init(
                "enabled", \.isEnabled, .boolean,
                "false rolls back: embedding.fallback runs and no NVIDIA library is loaded")
        ])

    private static let embedding = ConfigurationSection(
        "embedding", \.embedding, "What computes the embeddings.",
        [
            .init(
                "backend", \.backend, .choice(),
                "auto takes the first that works of tensorrt, tensorrt-rtx, cuda, onnxruntime; a named one must work"),
            .init(
                "fallback", \.fallback, .choice(of: Backend.allCases.filter { $0 != .auto }),
                "what runs while arcface_tensorrt.enabled is false; then pytorch or onnxruntime only"),
            .init("require_gpu", \.requireGPU, .boolean, "true makes computing on the CPU an error, not a warning"),
            .init(
                "auto_build", \.autoBuild, .choice(),
                "where no engine fits: build it first, build it while onnxruntime embeds, or don't build"),
            .init(
                "calibration_faces", \.calibrationFaces, .optional(.path),
                "photos, a folder or a list file to calibrate int8 on, if the model isn't int8 yet"),
        ])

    private static let tensorRT = ConfigurationSection(
        "tensorrt", \.tensorRT, "The model, and how engines are built from it.",
        [
            .init(
                "model_name", \.modelName, .fileNamePart,
                "names the model in engine files, as in arcface_r100-fp16-sm86.plan"),
            .init("onnx_path", \.onnxPathPattern, .path, "the ONNX file; {model_name} stands for the model's name"),
            .init("precision", \.precision, .choice(), "the number format that engines compute in"),
            .init(
                "max_batch_size", \.maxBatchSize, .integer(1...4096), "faces an engine takes at once; more are split"),
            .init(
                "workspace_size_mb", \.workspaceSizeMB, .integer(1...1_048_576),
                "GPU memory in MiB that a builder may use as scratch space"),
            .init("engine_local_dir", \.engineLocalDirectory, .path, "the folder that holds built engines"),
            .init(
                "gpus", \.gpus, .list(of: .integer(0...1023), count: 1...64),
                "the numbers of the GPUs that run the engine, as CUDA_VISIBLE_DEVICES counts them"),
            .init(
                "library_path", \.libraryPath, .optional(.path),
                "libnvinfer or libtensorrt_rtx, or its folder; null searches the loader's path and pip's folders"),
            .init(
                "accept", \.accept, .boolean,
                "true compares a new engine with the reference, where there is a GPU to run it, before it gets its name"
            ),
        ])

    private static let preprocessing = ConfigurationSection(
        "preprocessing", \.preprocessing,
        "How the model wants its pixels, (pixel - mean) / scale; null is detected from the model.",
        [
            .init("color", \.color, .optional(.choice()), "the order of the model's colour planes"),
            .init("mean", \.mean, .optional(.number(0, 255)), "subtracted from each pixel of 0 to 255"),
            .init("scale", \.scale, .optional(.number(0, 1000, excludingLower: true)), "what each pixel is divided by"),
        ])

    private static let detection = ConfigurationSection(
        "detection", \.detection, "The face detector (YuNet).",
        [
            .init("model_path", \.modelPath, .optional(.path), "the detector's ONNX file; null uses the installed one"),
            .init("min_score", \.minScore, .number(0, 1), "faces with a lower score are dropped"),
            .init(
                "nms_threshold", \.nmsThreshold, .number(0, 1),
                "overlap (intersection over union) above which two boxes are one face"),
            .init(
                "max_side", \.maxSide, .integer(32...16_384),
                "photos with a longer side, in pixels, are scaled down to it for detection"),
            .init("top_k", \.topK, .integer(1...100_000), "candidates kept before overlapping boxes are merged"),
        ])

    private static let input = ConfigurationSection(
        "input", \.input, "Limits on what is read.",
        [
            .init(
                "max_pixels", \.maxPixels, .integer(1...2_147_483_647),
                "photos of more pixels (width x height) are refused before they are decoded")
        ])

    private static let onnxRuntime = ConfigurationSection(
        "onnxruntime", \.onnxRuntime, "The ONNX Runtime library.",
        [
            .init(
                "library_path", \.libraryPath, .optional(.path),
                "libonnxruntime.so; null searches the loader's path and pip's folders"),
            .init("threads", \.threads, .integer(0...1024), "threads for one inference; 0 is one for each core"),
            .init("device", \.device, .choice(), "where ONNX Runtime computes"),
            .init(
                "precision", \.precision, .optional(.choice()),
                "the number format to compute in; null is the model's own, fp32 unless it was prepared in another"),
        ])

    private static let pyTorch = ConfigurationSection(
        "pytorch", \.pyTorch, "The reference implementation, a Python process.",
        [
            .init(
                "python", \.python, .optional(.path),
                "the Python interpreter that has torch; null is the first that has it of .deps/venv, PATH and /usr/bin"),
            .init("device", \.device, .choice(), "where PyTorch computes"),
            .init(
                "mode", \.mode, .choice(),
                "fp32 is the strict reference, tf32 PyTorch's own default on a GPU; fp16 and compile-fp16 need one"),
            .init(
                "checkpoint", \.checkpoint, .optional(.path),
                "original weights (torch.save) to run; null runs the repaired ONNX graph"),
            .init(
                "arch", \.architecture, .optional(.choice()),
                "the checkpoint's architecture; null tells it by the names of its weights"),
        ])

    private static let benchmark = ConfigurationSection(
        "benchmark", \.benchmark, "What a benchmark measures.",
        [
            .init(
                "batch_sizes", \.batchSizes, .list(of: .integer(1...4096), count: 1...64), "the batch sizes to time")
        ])

    private static let storage = ConfigurationSection(
        "storage", \.storage, "The S3 bucket in which a team shares engines.",
        [
            .init("bucket", \.bucket, .optional(.text), "the bucket's name; null shares nothing"),
            .init("prefix", \.prefix, .text, "what the key of every object starts with"),
            .init("endpoint", \.endpoint, .optional(.webAddress), "an S3-compatible server; null is AWS"),
            .init(
                "region", \.region, .optional(.text), "the region requests are signed for; null is AWS's own setting"),
            .init("path_style", \.pathStyle, .boolean, "true puts the bucket's name into the path, not the host name"),
            .init("ca_file", \.caFile, .optional(.path), "a PEM file of authorities to trust besides the system's"),
            .init("verify_tls", \.verifyTLS, .boolean, "false talks to a server that can't prove who it is"),
            .init(
                "timeout_seconds", \.timeoutSeconds, .integer(1...3600),
                "the longest time without progress before a request is tried again"),
            .init(
                "lease_seconds", \.leaseSeconds, .integer(1...3600),
                "how long others wait for a builder whose machine has died"),
            .init("push", \.push, .boolean, "whether engines that are built here are put into the bucket"),
            .init(
                "max_size_mb", \.maxSizeMB, .optional(.integer(1...1_073_741_824)),
                "the folder of engines is cleared out to this many MiB, the least recently used first; null lets it grow"
            ),
            .init(
                "signing_key_path", \.signingKeyPath, .optional(.path),
                "the private key that signs what is built here; null takes it from ARCFACE_SIGNING_KEY"),
            .init("require_signature", \.requireSignature, .boolean, "true refuses engines without a valid signature"),
            .init(
                "public_keys", \.publicKeys, .list(of: .publicKey, count: 0...64),
                "the Ed25519 public keys whose signatures count"),
        ])
}

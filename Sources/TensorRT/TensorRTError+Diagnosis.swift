/// What TensorRT's own words mean. It reports most failures in its log alone, so the log decides which error it was.
struct Diagnosis {
    var code: TensorRTError.Code
    var mend: String

    /// Phrases of TensorRT's messages, across versions, and what each means.
    private static let known: [(phrases: [String], code: TensorRTError.Code, mend: String)] = [
        (
            ["compute capability is invalid or not supported"], .unsupportedOption,
            "TensorRT-RTX builds for 75, 80, 86, 89, 120 and 121"
        ),
        (
            ["does not support this compute capability", "unsupported sm", "not supported on this device"],
            .gpuUnsupported,
            "TensorRT-RTX is for GeForce and RTX GPUs; on data centre GPUs use `--runtime tensorrt` or "
                + "`--runtime cuda`, or onnxruntime with `onnxruntime.device: cuda`"
        ),
        (
            ["out of memory", "outofmemory", "cudaerrormemoryallocation"], .outOfDeviceMemory,
            "free GPU memory, or use a smaller maximum batch or workspace"
        ),
        (
            ["incompatible device", "expecting compute", "not compatible with the current gpu"], .planForOtherGPU,
            "build the engine again on this GPU"
        ),
        (
            [
                "version tag does not match", "not compatible with this version of tensorrt",
                "expecting library version", "serialized engine version", "older plan file", "kserialization_version",
            ],
            .planFromOtherVersion, "build the engine again with this version of TensorRT"
        ),
        (
            ["magictag", "magic tag", "magic number", "not a valid engine", "bad magic"], .planDamaged,
            "build the engine again, or copy it again from where it is whole"
        ),
    ]

    private static let oldDriver = [
        "error: 35", "error 35", "driver version is insufficient", "insufficientdriver",
    ]

    /// The first known phrase among the errors; nil when TensorRT's words say nothing special.
    init?(_ log: [TensorRTLogRecord]) {
        let errors = log.filter { $0.severity <= .error }.map { $0.message.lowercased() }
        let text = errors.joined(separator: "\n")
        if let hit = Self.known.first(where: { $0.phrases.contains { text.contains($0) } }) {
            code = hit.code
            mend = hit.mend
        } else if !errors.isEmpty, errors.allSatisfy({ error in Self.oldDriver.contains { error.contains($0) } }) {
            // Only if nothing else is wrong: without a driver TensorRT-RTX complains of it beside every other error.
            code = .driverTooOld
            mend = "install a newer NVIDIA driver, or a TensorRT made for the CUDA that this driver has"
        } else {
            return nil
        }
    }
}

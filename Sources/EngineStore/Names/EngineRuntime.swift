/// What runs an engine. Raw values are the spellings in manifests and in `--runtime`.
package enum EngineRuntime: String, Sendable, Codable, CaseIterable {
    /// NVIDIA's TensorRT 8.6, 10 or 11.
    case tensorrt
    /// TensorRT for RTX.
    case tensorrtRTX = "tensorrt-rtx"
    /// This project's own kernels.
    case cuda

    /// As people write it.
    package var displayName: String {
        switch self {
        case .tensorrt: "TensorRT"
        case .tensorrtRTX: "TensorRT-RTX"
        case .cuda: "native CUDA"
        }
    }
}

/// The number format that an engine computes in. Raw values are the spellings in file names and manifests.
package enum EnginePrecision: String, Sendable, Codable, CaseIterable {
    /// 32-bit floating point.
    case fp32
    /// 16-bit floating point.
    case fp16
    /// 8-bit integers, calibrated on faces.
    case int8
}

/// What an engine is built for: the runtime, and the GPU's compute capability where the plan is tied to one.
package enum EngineTarget: Hashable, Sendable {
    /// TensorRT on compute capability `sm` / 10, such as 86 for 8.6.
    case tensorrt(sm: Int)
    /// TensorRT-RTX, which compiles for the GPU at hand when it loads.
    case tensorrtRTX
    /// This project's kernels on compute capability `sm` / 10.
    case cuda(sm: Int)

    /// The runtime alone.
    package var runtime: EngineRuntime {
        switch self {
        case .tensorrt: .tensorrt
        case .tensorrtRTX: .tensorrtRTX
        case .cuda: .cuda
        }
    }

    /// The compute capability times ten; nil where the plan isn't tied to one.
    package var sm: Int? {
        switch self {
        case .tensorrt(let sm), .cuda(let sm): sm
        case .tensorrtRTX: nil
        }
    }

    /// The compute capabilities that file names can spell: 1.0 to 99.9.
    static let capabilities = 10...999

    /// The target of a runtime on a GPU; nil if the runtime's plans are tied to a GPU and none, or a nonsensical one, is
    /// given.
    package init?(runtime: EngineRuntime, sm: Int?) {
        switch (runtime, sm) {
        case (.tensorrtRTX, _): self = .tensorrtRTX
        case (.tensorrt, .some(let sm)) where Self.capabilities.contains(sm): self = .tensorrt(sm: sm)
        case (.cuda, .some(let sm)) where Self.capabilities.contains(sm): self = .cuda(sm: sm)
        default: return nil
        }
    }
}

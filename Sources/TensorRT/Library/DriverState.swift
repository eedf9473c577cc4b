internal import CUDADriver
internal import NativeLibraries

/// Whether there is a driver and a GPU. TensorRT gives impossible pointers without them, so they are looked for first.
package enum DriverState: Sendable, Equatable {
    /// Why there is none.
    case unavailable(String)
    /// The newest CUDA that the driver knows, such as 12040 for 12.4, and the number of GPUs.
    case present(cudaVersion: Int, devices: Int)

    /// This machine's state now.
    package static func current() -> DriverState {
        do throws(CUDAError) {
            let driver = try CUDADriver()
            return .present(
                cudaVersion: driver.version.major * 1000 + driver.version.minor * 10,
                devices: try driver.deviceCount())
        } catch {
            return .unavailable(error.nativeLibraryError.map(Self.places) ?? error.description)
        }
    }

    private static func places(_ error: NativeLibraryError) -> String {
        error.attempts.map { "\($0.place): \($0.outcome)" }.joined(separator: "; ")
    }

    /// - Throws: `TensorRTError` with code `.deviceUnavailable`.
    func requireDevice(for library: String) throws(TensorRTError) {
        let mend =
            "install NVIDIA's driver (in a container: start it with `--gpus all`), or use the onnxruntime backend"
        switch self {
        case .unavailable(let reason):
            throw TensorRTError(.deviceUnavailable, "needs an NVIDIA driver (\(reason))", at: library, mend: mend)
        case .present(_, let devices) where devices < 1:
            throw TensorRTError(
                .deviceUnavailable, "needs a GPU; the driver sees none", at: library,
                mend: "look at `nvidia-smi` and CUDA_VISIBLE_DEVICES, or use the onnxruntime backend")
        case .present: return
        }
    }

    /// `CUDA 12.4`, for messages.
    var cudaName: String? {
        guard case .present(let version, _) = self else { return nil }
        return "CUDA \(version / 1000).\(version % 1000 / 10)"
    }
}

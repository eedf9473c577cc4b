package import CUDADriver
package import EngineStore
import Logging
package import TensorRT

/// The GPUs that shall run an engine, and a TensorRT for them.
package struct TensorRTMachine: Sendable {
    /// The driver, started.
    package let driver: CUDADriver
    /// One or more GPUs of the same compute capability, each once.
    package let devices: [CUDADevice]
    /// Which runtime `library` is.
    package let runtime: EngineRuntime
    /// TensorRT or TensorRT-RTX.
    package let library: TensorRTLibrary

    /// Looks at the GPUs and loads the runtime's library.
    ///
    /// - Parameters:
    ///   - runtime: TensorRT or TensorRT-RTX.
    ///   - ordinals: the GPUs' numbers, as CUDA_VISIBLE_DEVICES counts them.
    ///   - driver: the driver.
    ///   - search: where the library is looked for.
    /// - Throws: `ArcFaceError` with code `.unavailable`, or `.configuration` for a list of GPUs that makes no sense.
    package init(
        _ runtime: EngineRuntime, devices ordinals: [Int], driver: CUDADriver, search: NVIDIASearch
    ) throws(ArcFaceError) {
        guard let librarySearch = search.library(of: runtime) else {
            throw ArcFaceError(
                .unavailable, "\(runtime.displayName)'s engines are not part of this version",
                mend: "use an engine for TensorRT or TensorRT-RTX")
        }
        guard !ordinals.isEmpty, Set(ordinals).count == ordinals.count else {
            throw ArcFaceError(
                .configuration, "\(ordinals) is no list of GPUs", mend: "name one or more GPUs, each once")
        }
        var devices: [CUDADevice] = []
        do throws(CUDAError) {
            for ordinal in ordinals { devices.append(try driver.device(ordinal)) }
        } catch {
            throw ArcFaceError(cuda: error)
        }
        if let first = devices.first,
            let other = devices.first(where: { $0.computeCapability != first.computeCapability })
        {
            throw ArcFaceError(
                .configuration,
                "\(first) is \(first.computeCapability.smName) and \(other) is \(other.computeCapability.smName): "
                    + "one engine is for GPUs of one kind",
                mend: "name GPUs of one kind, and run another process for the others")
        }
        do throws(TensorRTError) {
            library = try TensorRTLibrary.load(
                librarySearch, surroundings: search.surroundings, logger: Logger(label: "tensorrt"))
        } catch {
            throw ArcFaceError(tensorRT: error)
        }
        self.driver = driver
        self.devices = devices
        self.runtime = runtime
    }

    /// The library's version as engines' manifests have it.
    package var version: EngineVersion {
        EngineVersion(major: library.version.major, minor: library.version.minor, patch: library.version.patch)
    }

    /// The GPUs' compute capability times ten, such as 90.
    package var sm: Int {
        devices.first.map { $0.computeCapability.major * 10 + $0.computeCapability.minor } ?? 0
    }

    /// `GPU 0 (NVIDIA H100), GPU 1 (NVIDIA H100)`.
    var devicesText: String { devices.map(\.description).joined(separator: ", ") }

    /// The driver as the TensorRT room wants to be told of it, so that it loads no second one.
    var driverState: DriverState {
        .present(cudaVersion: driver.version.major * 1000 + driver.version.minor * 10, devices: devices.count)
    }
}

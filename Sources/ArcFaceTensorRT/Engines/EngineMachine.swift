import CUDADriver
import EngineStore
import Logging
import NativeLibraries
import TensorRT

/// A TensorRT library, and the GPU that it has here.
struct EngineMachine {
    let runtime: EngineRuntime
    let library: TensorRTLibrary
    let gpu: CUDADevice?
    /// NVIDIA's driver: its own version where NVML tells it, otherwise the CUDA that it serves.
    let driver: String?

    /// Loads the library and looks at the first GPU.
    ///
    /// - Parameters:
    ///   - runtime: TensorRT or TensorRT-RTX.
    ///   - purpose: running takes the lean runtimes too.
    ///   - libraryPath: the library or its folder; nil searches for it.
    ///   - needsGPU: whether the lack of a GPU is an error.
    /// - Throws: `ArcFaceError` with code `unavailable`, which says what to install.
    init(
        _ runtime: EngineRuntime, for purpose: LibrarySearch.TensorRTPurpose, libraryPath: String?, needsGPU: Bool
    ) throws(ArcFaceError) {
        self.runtime = runtime
        library = try Self.library(runtime, for: purpose, path: libraryPath)
        do throws(CUDAError) {
            let driver = try CUDADriver()
            gpu = try driver.device(0)
            self.driver = Self.version(of: driver)
        } catch {
            guard !needsGPU else {
                throw ArcFaceError(
                    .unavailable, "needs a GPU: \(error)", at: library.name,
                    mend: runtime == .tensorrt
                        ? "build on the machine that shall run it, or use --runtime tensorrt-rtx, which needs none"
                        : nil)
            }
            gpu = nil
            driver = nil
        }
    }

    /// Loads the library alone.
    ///
    /// - Throws: `ArcFaceError` with code `unavailable`.
    static func library(
        _ runtime: EngineRuntime, for purpose: LibrarySearch.TensorRTPurpose, path: String?
    ) throws(ArcFaceError) -> TensorRTLibrary {
        do throws(TensorRTError) {
            return try TensorRTLibrary.load(
                runtime == .tensorrtRTX ? .tensorRTRTX(path: path) : .tensorRT(for: purpose, path: path),
                logger: Logger(label: "tensorrt"))
        } catch {
            throw ArcFaceError(error)
        }
    }

    /// The library's version.
    var version: EngineVersion {
        EngineVersion(major: library.version.major, minor: library.version.minor, patch: library.version.patch)
    }

    /// The GPU's compute capability times ten.
    var sm: Int? { gpu.map { $0.computeCapability.major * 10 + $0.computeCapability.minor } }

    /// What a manifest says of this machine.
    var facts: MachineFacts { MachineFacts(sm: sm, gpu: gpu?.name, driver: driver) }

    private static func version(of driver: CUDADriver) -> String {
        // A driver without NVML works as well; then the CUDA version has to do.
        (try? driver.managementLibrary?.driverVersion()) ?? "CUDA \(driver.version)"
    }
}

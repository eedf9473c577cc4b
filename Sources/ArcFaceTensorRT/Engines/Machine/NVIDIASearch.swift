package import CUDADriver
package import EngineStore
import Logging
package import NativeLibraries
import TensorRT

/// Where NVIDIA's libraries are looked for. Making one loads nothing.
package struct NVIDIASearch: Sendable {
    /// The driver, libcuda.
    package var driver: LibrarySearch
    /// NVML, which tells who holds a GPU's memory.
    package var management: LibrarySearch
    /// TensorRT, also the run-only kinds of it.
    package var tensorRT: LibrarySearch
    /// TensorRT-RTX.
    package var tensorRTRTX: LibrarySearch
    /// The machine to look at.
    package var surroundings: SearchSurroundings

    /// Makes a search; what isn't given is looked for in the usual places.
    package init(
        driver: LibrarySearch = .cuda(), management: LibrarySearch = .nvml(),
        tensorRT: LibrarySearch = .tensorRT(for: .running), tensorRTRTX: LibrarySearch = .tensorRTRTX(),
        surroundings: SearchSurroundings = .current
    ) {
        self.driver = driver
        self.management = management
        self.tensorRT = tensorRT
        self.tensorRTRTX = tensorRTRTX
        self.surroundings = surroundings
    }

    /// Loads the driver and starts it.
    ///
    /// - Throws: `CUDAError`, in little time where there is none.
    package func openDriver() throws(CUDAError) -> CUDADriver {
        try CUDADriver(search: driver, managementSearch: management, surroundings: surroundings)
    }

    /// Starts the driver and looks at GPUs.
    ///
    /// - Parameter ordinals: the GPUs' numbers, as CUDA_VISIBLE_DEVICES counts them.
    /// - Returns: the GPUs, in the order of the list.
    /// - Throws: `ArcFaceError` with code `.unavailable`, or `.configuration` for a list that makes no sense.
    package func gpus(_ ordinals: [Int]) throws(ArcFaceError) -> GPUSet {
        let driver: CUDADriver
        do throws(CUDAError) {
            driver = try openDriver()
        } catch {
            throw ArcFaceError(error)
        }
        return try GPUSet(ordinals, driver: driver)
    }

    /// Loads what builds or runs the engines of a runtime. A new runtime is one more case here.
    ///
    /// - Parameters:
    ///   - runtime: whose engines.
    ///   - purpose: building, or running.
    /// - Returns: the tools, their library loaded.
    /// - Throws: `ArcFaceError` with code `.unavailable`, which says what to install.
    package func tools(
        of runtime: EngineRuntime, for purpose: EnginePurpose
    ) throws(ArcFaceError) -> any EngineTools {
        switch runtime {
        case .tensorrt: try tensorRTTools(runtime, purpose == .building ? tensorRT.withoutRunOnly : tensorRT)
        case .tensorrtRTX: try tensorRTTools(runtime, tensorRTRTX)
        case .cuda:
            throw ArcFaceError(
                .unavailable, "\(runtime.displayName) is not part of this version",
                mend: "use an engine for TensorRT or TensorRT-RTX")
        }
    }

    private func tensorRTTools(
        _ runtime: EngineRuntime, _ search: LibrarySearch
    ) throws(ArcFaceError) -> any EngineTools {
        do throws(TensorRTError) {
            return TensorRTTools(
                runtime: runtime,
                library: try TensorRTLibrary.load(
                    search, surroundings: surroundings, logger: Logger(label: "tensorrt")))
        } catch {
            throw ArcFaceError(error)
        }
    }
}

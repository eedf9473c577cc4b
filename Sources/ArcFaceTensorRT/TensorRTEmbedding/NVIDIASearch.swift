package import CUDADriver
import EngineStore
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

    /// Where a runtime's library is looked for; nil for a runtime that isn't TensorRT.
    func library(of runtime: EngineRuntime) -> LibrarySearch? {
        switch runtime {
        case .tensorrt: tensorRT
        case .tensorrtRTX: tensorRTRTX
        case .cuda: nil
        }
    }
}

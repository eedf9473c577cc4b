package import CUDADriver
import CUDAEngine
package import EngineStore
import Foundation
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
    /// NVRTC, which compiles the kernels of our own engines.
    package var compiler: LibrarySearch
    /// The machine to look at.
    package var surroundings: SearchSurroundings

    /// Makes a search; what isn't given is looked for in the usual places.
    package init(
        driver: LibrarySearch = .cuda(), management: LibrarySearch = .nvml(),
        tensorRT: LibrarySearch = .tensorRT(for: .running), tensorRTRTX: LibrarySearch = .tensorRTRTX(),
        compiler: LibrarySearch = .nvrtc(), surroundings: SearchSurroundings = .current
    ) {
        self.driver = driver
        self.management = management
        self.tensorRT = tensorRT
        self.tensorRTRTX = tensorRTRTX
        self.compiler = compiler
        self.surroundings = surroundings
    }

    /// The search that a configuration asks for: `tensorrt.library_path` goes before the usual places.
    package init(_ configuration: ArcFaceConfiguration) {
        self.init()
        guard let path = configuration.tensorRT.libraryPath, !path.isEmpty else { return }
        let inside = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let names = inside + [(path as NSString).lastPathComponent]
        let isRTX = names.contains { $0.hasPrefix("libtensorrt_rtx.so") }
        // A path to nothing that is known is TensorRT's, so that it is reported and not passed over.
        if !isRTX || names.contains(where: { $0.hasPrefix("libnvinfer") }) {
            tensorRT = .tensorRT(for: .running, path: path, source: "tensorrt.library_path")
        }
        if isRTX { tensorRTRTX = .tensorRTRTX(path: path, source: "tensorrt.library_path") }
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
    ///   - version: the version that fits best where several are installed, such as that of an engine.
    /// - Returns: the tools, their library loaded.
    /// - Throws: `ArcFaceError` with code `.unavailable`, which says what to install.
    package func tools(
        of runtime: EngineRuntime, for purpose: EnginePurpose, preferring version: EngineVersion? = nil
    ) throws(ArcFaceError) -> any EngineTools {
        switch runtime {
        case .tensorrt:
            try tensorRTTools(runtime, purpose == .building ? tensorRT.withoutRunOnly : tensorRT, version)
        case .tensorrtRTX: try tensorRTTools(runtime, tensorRTRTX, version)
        case .cuda: CUDATools(compiler: purpose == .building ? try nvrtc() : nil)
        }
    }

    /// What compiles our own kernels.
    private func nvrtc() throws(ArcFaceError) -> NVRTC {
        do throws(CUDAEngineError) {
            return try NVRTC(search: compiler, in: surroundings)
        } catch {
            throw ArcFaceError(error)
        }
    }

    private func tensorRTTools(
        _ runtime: EngineRuntime, _ search: LibrarySearch, _ version: EngineVersion?
    ) throws(ArcFaceError) -> any EngineTools {
        do throws(TensorRTError) {
            return TensorRTTools(
                runtime: runtime,
                library: try TensorRTLibrary.load(
                    search, preferring: version.map(TensorRTVersion.init), surroundings: surroundings,
                    logger: Logger(label: "tensorrt")))
        } catch {
            throw ArcFaceError(error)
        }
    }
}

extension TensorRTVersion {
    /// A manifest's version; numbers that it lacks are 0.
    init(_ version: EngineVersion) {
        let numbers = version.numbers + [0, 0]
        self.init(version.major, numbers[1], numbers[2])
    }
}

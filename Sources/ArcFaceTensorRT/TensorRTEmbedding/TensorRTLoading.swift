import CUDADriver
import EngineStore
import NativeLibraries

/// The way from a path or a configuration to an engine that runs.
struct TensorRTLoading {
    private let devices: [Int]
    private let search: NVIDIASearch
    private let driver: CUDADriver

    /// Starts the driver: without one nothing else is looked at.
    ///
    /// - Throws: `ArcFaceError` with code `.unavailable`.
    init(devices: [Int], search: NVIDIASearch) throws(ArcFaceError) {
        do throws(CUDAError) {
            driver = try search.openDriver()
        } catch {
            // On a machine without a GPU, which is no fault: `doctor` tells all places that were looked at.
            if let search = error.nativeLibraryError, search.code == .notFound {
                throw ArcFaceError(
                    .unavailable, "libcuda.so.1 wasn't found: there is no NVIDIA driver", mend: search.mend)
            }
            throw ArcFaceError(cuda: error)
        }
        self.devices = devices
        self.search = search
    }

    /// Loads the engine at a path, in the runtime that its manifest names.
    func embedding(enginePath: String) throws(ArcFaceError) -> TensorRTEmbedding {
        let stored: StoredEngine
        do throws(EngineStoreError) {
            stored = try EngineFolder.engine(at: enginePath)
        } catch {
            throw ArcFaceError(engineStore: error)
        }
        let machine = try machine(stored.manifest.runtime.name)
        // Before a gigabyte is read.
        try EngineFit.check(stored, on: machine)
        let loaded: LoadedEngine
        do throws(EngineStoreError) {
            loaded = try EngineFolder(path: stored.folder).load(stored)
        } catch {
            throw ArcFaceError(engineStore: error)
        }
        return try TensorRTEmbedding(loaded, on: machine)
    }

    /// Loads the engine that a configuration asks for, in the runtime that it names; in the first that works, if it names
    /// none.
    func embedding(
        _ configuration: ArcFaceConfiguration, engines: any EngineProvider
    ) throws(ArcFaceError) -> TensorRTEmbedding {
        switch configuration.embedding.backend {
        case .tensorRT: return try embedding(configuration, .tensorrt, engines)
        case .tensorRTRTX: return try embedding(configuration, .tensorrtRTX, engines)
        case .auto:
            var reasons: [String] = []
            for runtime in [EngineRuntime.tensorrt, .tensorrtRTX] {
                do throws(ArcFaceError) {
                    return try embedding(configuration, runtime, engines)
                } catch {
                    reasons.append("\(runtime.rawValue): \(error)")
                }
            }
            throw ArcFaceError(.unavailable, reasons.joined(separator: "; "))
        case let other:
            throw ArcFaceError(
                .configuration, "\(other.rawValue) is not TensorRT", at: "embedding.backend",
                mend: "set it to tensorrt, tensorrt-rtx or auto, or use ArcFaceEmbedder")
        }
    }

    private func embedding(
        _ configuration: ArcFaceConfiguration, _ runtime: EngineRuntime, _ engines: any EngineProvider
    ) throws(ArcFaceError) -> TensorRTEmbedding {
        let machine = try machine(runtime)
        let request = try EngineRequest(configuration, on: machine)
        return try TensorRTEmbedding(try engines.engine(for: request), on: machine, model: request.model)
    }

    private func machine(_ runtime: EngineRuntime) throws(ArcFaceError) -> TensorRTMachine {
        try TensorRTMachine(runtime, devices: devices, driver: driver, search: search)
    }
}

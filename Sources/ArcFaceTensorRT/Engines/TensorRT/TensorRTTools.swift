import CUDADriver
package import EngineStore
package import ONNXModel
package import TensorRT

/// TensorRT or TensorRT-RTX: builds, runs and describes its engines.
package struct TensorRTTools: EngineTools {
    package let runtime: EngineRuntime
    /// The library, loaded.
    package let library: TensorRTLibrary

    /// - Parameters:
    ///   - runtime: `.tensorrt` or `.tensorrtRTX`.
    ///   - library: the library, loaded.
    package init(runtime: EngineRuntime, library: TensorRTLibrary) {
        self.runtime = runtime
        self.library = library
    }

    package var name: String { library.name }

    package var version: EngineVersion {
        EngineVersion(major: library.version.major, minor: library.version.minor, patch: library.version.patch)
    }

    package func timingCacheName(on gpus: GPUSet?) -> String? {
        // Without a GPU TensorRT-RTX refuses its own caches, and its builds take seconds.
        guard runtime == .tensorrt, let gpus else { return nil }
        let gpu = gpus.first.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return "\(runtime.rawValue)-\(version)-sm\(gpus.sm)-\(String(gpu)).timing-cache"
    }

    package func load(
        _ engine: LoadedEngine, on gpus: GPUSet, model: PreparedModel?
    ) throws(ArcFaceError) -> any EngineEmbedding {
        try TensorRTEmbedding(engine, with: self, on: gpus, model: model)
    }

    package func describe(
        _ plan: UnsafeRawBufferPointer, in report: inout EngineReport, wantsLayers: Bool, on gpus: GPUSet?
    ) throws(ArcFaceError) {
        let path = report.path
        do throws(TensorRTError) {
            let library = library
            let describe = { (report: inout EngineReport) throws(TensorRTError) in
                let engine = try TensorRTRuntime(library, driver: gpus?.driverState).deserialize(plan, name: path)
                try report.describe(engine, layers: wantsLayers)
            }
            guard let gpus else { return try describe(&report) }
            try gpus.onFirst { () throws(TensorRTError) in try describe(&report) }
        } catch {
            throw ArcFaceError(error)
        }
    }
}

extension GPUSet {
    /// The driver as the TensorRT room wants to be told of it, so that it loads no second one.
    var driverState: DriverState {
        .present(cudaVersion: driver.version.major * 1000 + driver.version.minor * 10, devices: devices.count)
    }

    /// Runs `body` with the first GPU current on this thread: TensorRT works on whichever is.
    func onFirst<Value>(_ body: () throws(TensorRTError) -> Value) throws(TensorRTError) -> Value {
        let context: CUDAContext
        do throws(CUDAError) {
            context = try CUDAContext(on: first, of: driver)
        } catch {
            throw TensorRTError(.callFailed, error.what, at: error.where, mend: error.mend)
        }
        return try context.withCurrent(
            wrapping: { TensorRTError(.callFailed, $0.what, at: $0.where, mend: $0.mend) }, body)
    }
}

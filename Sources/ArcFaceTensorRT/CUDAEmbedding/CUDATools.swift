import CUDADriver
package import CUDAEngine
package import EngineStore
package import ONNXModel

/// Our own engine: needs the driver to run, and NVRTC to build.
package struct CUDATools: EngineTools {
    /// NVIDIA's compiler; nil where engines are only run.
    package let compiler: NVRTC?
    /// How much is tried where tiles are measured.
    package var settings = TileMeasurement.Settings()

    /// - Parameter compiler: what builds; nil where engines are only run.
    package init(compiler: NVRTC?) {
        self.compiler = compiler
    }

    package var runtime: EngineRuntime { .cuda }

    package var name: String { "native CUDA" }

    package var version: EngineVersion { EngineVersion(major: EngineFile.formatVersion, minor: 0, patch: 0) }

    package func timingCacheName(on gpus: GPUSet?) -> String? { setting(on: gpus)?.fileName }

    package func merged(timingCache: [UInt8], over other: [UInt8]) -> [UInt8] {
        guard let own = TileTimings(timingCache), let other = TileTimings(other) else { return timingCache }
        return own.merged(over: other).bytes
    }

    /// What measurements on the first of these GPUs hold for.
    func setting(on gpus: GPUSet?) -> TileTimings.Setting? {
        guard let gpus, let compiler else { return nil }
        return TileTimings.Setting(
            gpu: gpus.first.name, sm: gpus.sm, compiler: "\(compiler.version.major).\(compiler.version.minor)")
    }

    package func load(
        _ engine: LoadedEngine, on gpus: GPUSet, model: PreparedModel?
    ) throws(ArcFaceError) -> any EngineEmbedding {
        try CUDAEmbedding(engine, with: self, on: gpus, model: model)
    }

    package func describe(
        _ plan: UnsafeRawBufferPointer, in report: inout EngineReport, wantsLayers: Bool, on gpus: GPUSet?
    ) throws(ArcFaceError) {
        do throws(CUDAEngineError) {
            report.describe(try EngineFile(plan).plan, layers: wantsLayers)
        } catch {
            throw ArcFaceError(error)
        }
        // The plan is data and told anywhere; running it takes a GPU.
        guard gpus != nil else {
            throw ArcFaceError(
                .unavailable, "there is no NVIDIA GPU or driver here",
                mend: "run it on a GPU of the kind that it was built for")
        }
    }
}

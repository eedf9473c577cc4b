import CUDADriver
package import EngineStore

/// What builds and runs engines here: the tools of a runtime, and the GPUs.
package struct EngineMachine: Sendable {
    /// What builds and runs.
    package let tools: any EngineTools
    /// The GPUs; nil where there are none, which is enough to build for TensorRT-RTX.
    package let gpus: GPUSet?

    /// Puts together what was found.
    package init(tools: any EngineTools, gpus: GPUSet?) {
        self.tools = tools
        self.gpus = gpus
    }

    /// Loads the tools and looks at the GPUs.
    ///
    /// - Parameters:
    ///   - runtime: whose engines.
    ///   - purpose: building, or running.
    ///   - devices: the GPUs' numbers, as CUDA_VISIBLE_DEVICES counts them.
    ///   - needsGPU: whether the lack of a GPU is an error.
    ///   - version: the version that fits best where several are installed.
    ///   - search: where NVIDIA's libraries are looked for.
    /// - Throws: `ArcFaceError` with code `.unavailable`, which says what to install.
    package init(
        _ runtime: EngineRuntime, for purpose: EnginePurpose, devices: [Int], needsGPU: Bool,
        preferring version: EngineVersion? = nil, search: NVIDIASearch
    ) throws(ArcFaceError) {
        tools = try search.tools(of: runtime, for: purpose, preferring: version)
        do throws(ArcFaceError) {
            gpus = try search.gpus(devices)
        } catch {
            guard !needsGPU, error.code == .unavailable else {
                throw ArcFaceError(
                    .unavailable, "needs a GPU: \(error)", at: tools.name,
                    mend: Self.mend(runtime))
            }
            gpus = nil
        }
    }

    /// What helps who wants to build without a GPU.
    private static func mend(_ runtime: EngineRuntime) -> String? {
        switch runtime {
        case .tensorrt: "build on the machine that shall run it, or use --runtime tensorrt-rtx, which needs none"
        case .tensorrtRTX: nil
        case .cuda: "name the kind of GPU that shall run it, such as --compute-capability 90 for an H100"
        }
    }

    /// The tools' version.
    package var version: EngineVersion { tools.version }

    /// The GPUs' compute capability times ten, such as 90; nil without one.
    package var sm: Int? { gpus?.sm }

    /// What a manifest says of this machine.
    var facts: MachineFacts { MachineFacts(sm: sm, gpu: gpus?.first.name, driver: gpus?.driverVersion) }
}

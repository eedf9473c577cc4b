internal import CTensorRT

/// What a library can do, by its flavour and version.
package struct TensorRTCapabilities: Sendable, Equatable {
    /// It has a builder, which still needs an ONNX parser beside it.
    package var builds: Bool
    /// Its builder needs neither a GPU nor a driver.
    package var buildsWithoutGPU: Bool
    /// Builds report progress and can be cancelled.
    package var reportsProgress: Bool
    /// The parser names the node that it complains about.
    package var namesBrokenNodes: Bool
    /// fp16 and int8 are builder flags; otherwise precision is what the network says.
    package var precisionIsAnOption: Bool
    /// Compute capabilities to build for can be chosen.
    package var choosesComputeCapabilities: Bool
    /// Kernels are compiled when an engine is first run, and kept in a runtime cache.
    package var compilesAtRunTime: Bool

    init(flavour: TensorRTFlavour, family: trt_family) {
        builds = flavour == .full || flavour == .rtx
        buildsWithoutGPU = flavour == .rtx
        reportsProgress = family != TRT_FAMILY_8
        namesBrokenNodes = family != TRT_FAMILY_8
        precisionIsAnOption = family == TRT_FAMILY_8
        choosesComputeCapabilities = family == TRT_FAMILY_RTX
        compilesAtRunTime = family == TRT_FAMILY_RTX
    }
}

/// How TensorRT-RTX compiles kernels for a context.
package struct ContextOptions: Sendable {
    /// Compile for the shapes in use before the first run, rather than in the background with slower kernels meanwhile.
    /// Needed before a CUDA graph is captured.
    package var specializesEagerly: Bool
    /// Let TensorRT-RTX capture and replay whole CUDA graphs itself.
    package var capturesGraphs: Bool
    /// Where compiled kernels are looked for, and kept; nil for nowhere.
    package var runtimeCache: RuntimeCache?

    package init(specializesEagerly: Bool = false, capturesGraphs: Bool = false, runtimeCache: RuntimeCache? = nil) {
        self.specializesEagerly = specializesEagerly
        self.capturesGraphs = capturesGraphs
        self.runtimeCache = runtimeCache
    }

    /// Whether nothing is asked for, which every TensorRT can do.
    var isDefault: Bool { !specializesEagerly && !capturesGraphs && runtimeCache == nil }
}

/// How TensorRT-RTX compiles kernels for a context.
package struct ContextOptions: Sendable, Equatable {
    /// Compile for the shapes in use before the first run, rather than in the background with slower kernels meanwhile.
    /// Needed before a CUDA graph is captured.
    package var specializesEagerly: Bool
    /// Let TensorRT-RTX capture and replay whole CUDA graphs itself.
    package var capturesGraphs: Bool
    /// Keep compiled kernels: the bytes that an earlier context left, empty for a fresh cache; nil for none.
    package var runtimeCache: [UInt8]?

    package init(specializesEagerly: Bool = false, capturesGraphs: Bool = false, runtimeCache: [UInt8]? = nil) {
        self.specializesEagerly = specializesEagerly
        self.capturesGraphs = capturesGraphs
        self.runtimeCache = runtimeCache
    }
}

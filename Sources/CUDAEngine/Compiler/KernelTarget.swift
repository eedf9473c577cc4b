/// The GPU that an engine is compiled for.
package struct KernelTarget: Sendable, Hashable {
    package var architecture: KernelArchitecture
    /// Its multiprocessors: tiles are chosen so that each has work.
    package var multiprocessors: Int

    /// A target.
    ///
    /// - Parameters:
    ///   - architecture: the GPU's generation.
    ///   - multiprocessors: the GPU's; nil takes those of a usual one.
    package init(_ architecture: KernelArchitecture, multiprocessors: Int? = nil) {
        self.architecture = architecture
        self.multiprocessors = max(multiprocessors ?? architecture.usualMultiprocessors, 1)
    }
}

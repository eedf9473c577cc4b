/// The GPU that an engine is compiled for.
package struct KernelTarget: Sendable, Hashable {
    package var architecture: KernelArchitecture
    /// Its multiprocessors: tiles are chosen so that each has work.
    package var multiprocessors: Int

    /// - Parameter multiprocessors: nil takes those of a usual GPU of the architecture.
    package init(_ architecture: KernelArchitecture, multiprocessors: Int? = nil) {
        self.architecture = architecture
        self.multiprocessors = max(multiprocessors ?? architecture.usualMultiprocessors, 1)
    }
}

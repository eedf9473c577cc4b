internal import Dispatch
internal import Synchronization

/// Compiles the kernels of a plan, as many at a time as there are cores.
package struct KernelBuild: Sendable {
    private let compiler: NVRTC
    private let architecture: KernelArchitecture

    package init(compiler: NVRTC, architecture: KernelArchitecture) {
        self.compiler = compiler
        self.architecture = architecture
    }

    private struct State {
        var cubins: [[UInt8]]
        var done = 0
        var failure: CUDAEngineError?
    }

    /// Compiles each kernel.
    ///
    /// - Parameters:
    ///   - variants: the kernels.
    ///   - known: the images of some that were compiled before.
    ///   - progress: told how many of how many are done, from any thread; false stops the build.
    /// - Returns: an image for each.
    /// - Throws: `compilationFailed` for the first that fails, `cancelled`.
    package func cubins(
        of variants: [KernelVariant], known: [KernelVariant: [UInt8]] = [:],
        progress: @escaping @Sendable (_ done: Int, _ count: Int) -> Bool
    ) throws(CUDAEngineError) -> [[UInt8]] {
        let state = Mutex(State(cubins: Array(repeating: [], count: variants.count)))
        DispatchQueue.concurrentPerform(iterations: variants.count) { place in
            guard state.withLock({ $0.failure == nil }) else { return }
            do throws(CUDAEngineError) {
                let cubin: [UInt8]
                if let image = known[variants[place]] {
                    cubin = image
                } else {
                    cubin = try compiler.compile(variants[place], for: architecture).cubin
                }
                let done = state.withLock { state in
                    state.cubins[place] = cubin
                    state.done += 1
                    return state.done
                }
                if !progress(done, variants.count) { throw CUDAEngineError(.cancelled, "the build was stopped") }
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
        return try state.withLock { state throws(CUDAEngineError) in
            if let failure = state.failure { throw failure }
            return state.cubins
        }
    }
}

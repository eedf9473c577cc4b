internal import Dispatch
internal import Synchronization

/// Compiles candidates, each once, as many at a time as there are cores. One that doesn't compile is told apart from the rest.
final class TileKernels: Sendable {
    private let compile: @Sendable (KernelVariant) throws(CUDAEngineError) -> [UInt8]
    private let known = Mutex<[KernelVariant: Result<[UInt8], CUDAEngineError>]>([:])

    /// - Parameter compile: gives a kernel's code; called from many threads.
    init(_ compile: @escaping @Sendable (KernelVariant) throws(CUDAEngineError) -> [UInt8]) {
        self.compile = compile
    }

    /// The code of all kernels that compiled.
    var cubins: [KernelVariant: [UInt8]] {
        known.withLock { $0.compactMapValues { try? $0.get() } }
    }

    /// Compiles those that aren't yet.
    ///
    /// - Parameters:
    ///   - variants: the kernels.
    ///   - shouldStop: asked before each, from many threads; those that are left stay uncompiled.
    func prepare(_ variants: [KernelVariant], shouldStop: @Sendable () -> Bool) {
        let missing = known.withLock { known in
            Array(Set(variants.filter { known[$0] == nil })).sorted { $0.text < $1.text }
        }
        DispatchQueue.concurrentPerform(iterations: missing.count) { place in
            guard !shouldStop() else { return }
            let outcome = Result { () throws(CUDAEngineError) in try compile(missing[place]) }
            known.withLock { $0[missing[place]] = outcome }
        }
    }

    /// A kernel's code, or why there is none; nil if it wasn't compiled yet.
    func outcome(of variant: KernelVariant) -> Result<[UInt8], CUDAEngineError>? {
        known.withLock { $0[variant] }
    }
}

import CUDADriver
import Dispatch
import Foundation
import Synchronization

/// Fills pinned memory with a caller's faces, in chunks of which each may be on its way to the GPU while others are filled.
///
/// One core copies about 10 GB/s: 256 faces take it 1 ms, a fifth of what the GPU needs to embed them, and eight GPUs want
/// more than that. So a large batch is filled by several threads.
struct StagedCopy: Sendable {
    /// Bytes of a chunk: small beside a batch, so that the last one's copy to the GPU is all that is left when the memory is
    /// filled; large beside the cost of a call of the driver.
    static let chunkByteCount = 512 << 10
    /// More gain little: memory, not cores, is the limit then.
    private static let mostThreads = 4

    /// Threads that fill, the calling one among them.
    private let threads: Int

    /// - Parameter threads: at most; by default some, where the machine has cores to spare.
    init(threads: Int = min(mostThreads, ProcessInfo.processInfo.activeProcessorCount / 4)) {
        self.threads = max(1, threads)
    }

    /// Copies all of `source` to the beginning of `target`; returns when no thread is at work any more.
    ///
    /// - Parameters:
    ///   - source: the faces.
    ///   - target: at least as large.
    ///   - filled: told of each part of the target that is filled, once, in any order and from several threads at once.
    /// - Throws: the first error of `filled`; no chunk is begun after it.
    func run(
        from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer,
        filled: @Sendable (Range<Int>) throws(CUDAError) -> Void
    ) throws(CUDAError) {
        // Each chunk has a part of both for itself.
        nonisolated(unsafe) let (source, target) = (source, target)
        let chunks = (source.count + Self.chunkByteCount - 1) / Self.chunkByteCount
        let next = Atomic(0)
        let failure = Mutex<CUDAError?>(nil)
        @Sendable func work() {
            while true {
                let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard chunk < chunks, failure.withLock({ $0 == nil }) else { return }
                let start = chunk * Self.chunkByteCount
                let range = start..<min(start + Self.chunkByteCount, source.count)
                UnsafeMutableRawBufferPointer(rebasing: target[range]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[range]))
                do throws(CUDAError) {
                    try filled(range)
                } catch {
                    failure.withLock { $0 = $0 ?? error }
                }
            }
        }
        // Less than two chunks a thread aren't worth waking it.
        let helpers = min(threads, chunks / 2)
        if helpers > 1 {
            DispatchQueue.concurrentPerform(iterations: helpers) { _ in work() }
        } else {
            work()
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }
}

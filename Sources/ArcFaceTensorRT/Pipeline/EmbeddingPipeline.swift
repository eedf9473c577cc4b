import FaceImages
import Foundation

/// Runs a job on worker threads: each takes whatever is most urgent, so that decoding, detection, alignment and inference overlap.
///
/// Threads, not tasks: every step blocks in C code, and a blocked task would hold one of the few threads of Swift's pool.
final class EmbeddingPipeline: @unchecked Sendable {
    /// Prepares one input: decode, detect, align. Each worker has its own.
    protocol Preparer: AnyObject {
        func prepare(input: Int) -> PreparedInput
    }

    private let runtime: any EmbeddingRuntime
    private let makePreparer: @Sendable () -> any Preparer
    private let workers: Int
    private let condition = NSCondition()
    // Guarded by `condition`.
    private var queue: WorkQueue
    private var failure: ArcFaceError?

    /// - Parameters:
    ///   - range: which inputs of the list.
    ///   - runtime: embeds batches.
    ///   - workers: threads.
    ///   - batchSize: faces a batch.
    ///   - makePreparer: called once a worker.
    init(
        range: Range<Int>, runtime: any EmbeddingRuntime, workers: Int, batchSize: Int,
        makePreparer: @escaping @Sendable () -> any Preparer
    ) {
        self.runtime = runtime
        self.workers = workers
        self.makePreparer = makePreparer
        queue = WorkQueue(
            range: range,
            limits: WorkQueue.Limits(
                batchSize: batchSize, concurrentBatches: runtime.concurrency,
                inputsInFlight: 2 * batchSize + 4 * workers, waitingFaces: 2 * batchSize))
    }

    /// Runs until all inputs are done or `shouldStop` says so; then what was begun is finished.
    ///
    /// - Parameters:
    ///   - shouldStop: asked several times a second.
    ///   - handle: gets each input's result on the calling thread, in order. If it throws, the job ends with that error.
    /// - Throws: the first error of the runtime or of `handle`.
    func run(
        shouldStop: () -> Bool, handle: ([InputResult]) throws(ArcFaceError) -> Void
    ) throws(ArcFaceError) {
        let threads = try startWorkers()
        defer { for thread in threads { thread.join() } }
        while true {
            let (results, done) = try takeResults(shouldStop: shouldStop)
            if !results.isEmpty {
                do throws(ArcFaceError) {
                    try handle(results)
                } catch {
                    fail(error)
                    throw error
                }
            }
            if done { return }
        }
    }

    /// Starts all workers, or none.
    private func startWorkers() throws(ArcFaceError) -> [WorkerThread] {
        var threads: [WorkerThread] = []
        for _ in 0..<workers {
            do throws(ArcFaceError) {
                // ONNX Runtime computes on this thread: a stack as large as a main thread's.
                threads.append(try WorkerThread(stackBytes: 8 << 20) { [self] in work() })
            } catch {
                fail(error)
                for thread in threads { thread.join() }
                throw error
            }
        }
        return threads
    }

    private func takeResults(shouldStop: () -> Bool) throws(ArcFaceError) -> ([InputResult], Bool) {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if shouldStop() {
                queue.stop()
                condition.broadcast()
            }
            if let failure { throw failure }
            let results = queue.takeResults()
            if !results.isEmpty {
                // Giving results out may let further inputs begin.
                condition.broadcast()
                return (results, queue.isFinished)
            }
            if queue.isFinished { return ([], true) }
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
        }
    }

    private func work() {
        let preparer = makePreparer()
        while let work = nextWork() {
            switch work {
            case .prepare(let input):
                let prepared = preparer.prepare(input: input)
                update { $0.prepared(prepared) }
            case .embed(let batch):
                do throws(ArcFaceError) {
                    let embeddings = try embed(batch.faces)
                    update { $0.embedded(batch: batch.number, embeddings) }
                } catch {
                    fail(error)
                }
            case .wait, .finished: break
            }
        }
    }

    /// Blocks until there is something to do; nil when the job is over.
    private func nextWork() -> WorkQueue.Work? {
        condition.lock()
        defer { condition.unlock() }
        while failure == nil {
            switch queue.next() {
            case .wait: condition.wait()
            case .finished: return nil
            case let work: return work
            }
        }
        return nil
    }

    private func update(_ change: (inout WorkQueue) -> Void) {
        condition.lock()
        change(&queue)
        condition.broadcast()
        condition.unlock()
    }

    private func fail(_ error: ArcFaceError) {
        condition.lock()
        failure = failure ?? error
        condition.broadcast()
        condition.unlock()
    }

    private func embed(_ faces: [PreparedFace]) throws(ArcFaceError) -> [FaceEmbedding] {
        var batch = FaceBatch(capacity: faces.count)
        for face in faces { batch.append(contentsOf: face.pixels) }
        let embeddings = try runtime.embeddings(of: batch)
        return (0..<embeddings.count).map {
            FaceEmbedding(norm: embeddings.norms[$0], vector: Array(embeddings[$0]))
        }
    }
}

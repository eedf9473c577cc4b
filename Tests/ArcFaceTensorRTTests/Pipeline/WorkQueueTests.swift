import FaceImages
import Testing

@testable import ArcFaceTensorRT

@Suite("The work queue")
struct WorkQueueTests {
    /// Runs a whole job with `workers` virtual workers that finish their work in a random order.
    private func simulate(
        faces: [Int], limits: WorkQueue.Limits, workers: Int, seed: UInt64, stopAfter: Int = .max
    ) -> (results: [InputResult], batches: [[Float]], mostInFlight: Int) {
        var random = SeededGenerator(seed: seed)
        var queue = WorkQueue(range: 0..<faces.count, limits: limits)
        var running: [WorkQueue.Work] = []
        var results: [InputResult] = []
        var batches: [[Float]] = []
        var mostInFlight = 0
        var begun = 0
        for _ in 0..<100_000 {
            while running.count < workers {
                let work = queue.next()
                guard case .wait = work else {
                    if case .finished = work { break }
                    if case .prepare = work { begun += 1 }
                    if case .embed(let batch) = work { batches.append(batch.faces.map { $0.score ?? -1 }) }
                    running.append(work)
                    continue
                }
                break
            }
            mostInFlight = max(mostInFlight, begun - results.count)
            if begun >= stopAfter { queue.stop() }
            if running.isEmpty { break }
            switch running.remove(at: Int.random(in: running.indices, using: &random)) {
            case .prepare(let input): queue.prepared(prepared(input, faces: faces[input]))
            case .embed(let batch):
                queue.embedded(
                    batch: batch.number, batch.faces.map { FaceEmbedding(norm: 1, vector: [$0.score ?? -1]) })
            case .wait, .finished: Issue.record("a worker was told to run nothing")
            }
            results += queue.takeResults()
        }
        #expect(queue.isFinished)
        return (results, batches, mostInFlight)
    }

    /// An input whose faces are told apart by their score: input + face / 100.
    private func prepared(_ input: Int, faces: Int) -> PreparedInput {
        PreparedInput(
            index: input, image: "\(input).jpg", size: nil,
            faces: (0..<faces).map {
                PreparedFace(box: nil, landmarks: nil, score: Float(input) + Float($0) / 100, pixels: FaceBatch())
            }, failures: faces == 0 ? [InputFailure(code: "noFace", message: "none")] : [])
    }

    private let limits = WorkQueue.Limits(batchSize: 4, concurrentBatches: 2, inputsInFlight: 16, waitingFaces: 8)

    @Test(arguments: 0..<20)
    func `gives every face its own embedding, in the order of the inputs`(seed: UInt64) {
        let faces = (0..<100).map { ($0 * 7 + Int(seed)) % 5 }
        let (results, _, _) = simulate(faces: faces, limits: limits, workers: 3, seed: seed)
        #expect(results.map(\.index) == Array(0..<100))
        for result in results {
            #expect(
                result.faces.map { $0.embedding }
                    == (0..<faces[result.index]).map { [Float(result.index) + Float($0) / 100] })
        }
    }

    @Test(arguments: 0..<10)
    func `makes the same batches whatever the timing`(seed: UInt64) {
        // One batch at a time and full ones only: how many faces wait at the end of the list is the one thing that timing could change.
        let faces = Array(repeating: 1, count: 64)
        let (_, batches, _) = simulate(faces: faces, limits: limits, workers: 4, seed: seed)
        #expect(batches.allSatisfy { $0.count == 4 })
        #expect(batches.flatMap { $0 } == (0..<64).map(Float.init))
    }

    @Test func `begins no more inputs than its window holds`() {
        let (results, _, most) = simulate(
            faces: Array(repeating: 1, count: 200), limits: limits, workers: 8, seed: 1)
        #expect(results.count == 200)
        #expect(most <= limits.inputsInFlight)
    }

    @Test func `does not wait for a full batch that can't come`() {
        // The window holds three inputs and a batch wants eight faces.
        let narrow = WorkQueue.Limits(batchSize: 8, concurrentBatches: 1, inputsInFlight: 3, waitingFaces: 100)
        let (results, batches, _) = simulate(faces: Array(repeating: 1, count: 10), limits: narrow, workers: 2, seed: 3)
        #expect(results.count == 10)
        #expect(batches.allSatisfy { $0.count <= 3 })
    }

    @Test func `finishes what was begun when it is stopped, and nothing else`() {
        let (results, _, _) = simulate(
            faces: Array(repeating: 2, count: 100), limits: limits, workers: 3, seed: 5, stopAfter: 10)
        #expect(results.map(\.index) == Array(0..<results.count))
        #expect((10...12).contains(results.count))
    }

    @Test func `an empty job is finished at once`() {
        var queue = WorkQueue(range: 5..<5, limits: limits)
        guard case .finished = queue.next() else {
            Issue.record("an empty queue wants something done")
            return
        }
    }

    @Test func `a face whose numbers are not finite is a failure, not a row`() throws {
        var queue = WorkQueue(range: 0..<1, limits: limits)
        _ = queue.next()
        queue.prepared(prepared(0, faces: 2))
        guard case .embed(let batch) = queue.next() else {
            Issue.record("the last faces were not drained")
            return
        }
        queue.embedded(
            batch: batch.number,
            [FaceEmbedding(norm: .nan, vector: [0]), FaceEmbedding(norm: 2, vector: [1])])
        let result = try #require(queue.takeResults().first)
        #expect(result.faces.map(\.norm) == [2])
        #expect(result.failures.map(\.code) == ["notFinite"])
        let message = try #require(result.failures.first?.message)
        #expect(message.hasPrefix("0.jpg: face 0: the model gave NaN, infinity or only zeros"))
        #expect(message.contains("arcface-tensorrt compare") && message.contains("--precision fp32"))
    }
}

/// Decides what a free worker does next. A pure state machine: no threads, no I/O.
///
/// Inputs are prepared in any order, but put into batches, and given out, in the order of the list: equal jobs make equal batches and equal
/// files, however the threads happen to run. The most finished work goes first, so that little is held in memory at a time.
struct WorkQueue {
    /// Faces that go through the network together.
    struct Batch {
        let number: Int
        let faces: [PreparedFace]
    }

    /// What a worker shall do.
    enum Work {
        case prepare(input: Int)
        case embed(Batch)
        /// Nothing now; ask again when something was handed in.
        case wait
        /// Nothing any more.
        case finished
    }

    /// Limits of a queue.
    struct Limits {
        /// Faces a batch at most.
        var batchSize: Int
        /// Batches in the network at a time.
        var concurrentBatches: Int
        /// Inputs begun and not yet given out.
        var inputsInFlight: Int
        /// Faces aligned and not yet in the network, beyond which no further input is begun (a photo may add more than one).
        var waitingFaces: Int
    }

    /// An input whose faces wait for their embeddings.
    private struct Pending {
        let input: PreparedInput
        var embeddings: [FaceEmbedding?]
        var missing: Int
    }

    private let limits: Limits
    private let end: Int
    private var nextInput: Int
    private var preparing = 0
    /// Prepared, but an earlier one is not.
    private var early: [Int: PreparedInput] = [:]
    private var nextInOrder: Int
    /// In order, oldest first; positions count from `firstPending`.
    private var pending: [Pending] = []
    private var firstPending: Int
    private var waiting: [(input: Int, face: Int)] = []
    private var batches: [Int: [(input: Int, face: Int)]] = [:]
    private var batchCount = 0
    private var stopped = false

    /// A queue over the inputs `range`.
    init(range: Range<Int>, limits: Limits) {
        self.limits = limits
        nextInput = range.lowerBound
        end = range.upperBound
        nextInOrder = range.lowerBound
        firstPending = range.lowerBound
    }

    /// Begins no further input; what was begun is finished.
    mutating func stop() {
        stopped = true
    }

    /// Whether everything that was begun was given out and nothing more will be begun.
    var isFinished: Bool {
        (stopped || nextInput == end) && preparing == 0 && pending.isEmpty && early.isEmpty
    }

    /// The next thing to do, and the bookkeeping that goes with it.
    mutating func next() -> Work {
        if isFinished { return .finished }
        let canBegin =
            !stopped && nextInput < end && nextInput - firstPending < limits.inputsInFlight
            && waiting.count < limits.waitingFaces
        // A smaller batch only when nothing can make it larger.
        let mustDrain = !canBegin && preparing == 0
        if batches.count < limits.concurrentBatches, !waiting.isEmpty, waiting.count >= limits.batchSize || mustDrain {
            return .embed(takeBatch())
        }
        guard canBegin else { return .wait }
        preparing += 1
        nextInput += 1
        return .prepare(input: nextInput - 1)
    }

    /// Hands in a prepared input.
    mutating func prepared(_ input: PreparedInput) {
        preparing -= 1
        early[input.index] = input
        while let next = early.removeValue(forKey: nextInOrder) {
            pending.append(
                Pending(
                    input: next, embeddings: Array(repeating: nil, count: next.faces.count), missing: next.faces.count))
            for face in next.faces.indices { waiting.append((nextInOrder, face)) }
            nextInOrder += 1
        }
    }

    /// Hands in a batch's embeddings, one for each of its faces; nil where the network gave no usable numbers.
    mutating func embedded(batch number: Int, _ embeddings: [FaceEmbedding]) {
        guard let faces = batches.removeValue(forKey: number) else { return }
        for (place, embedding) in zip(faces, embeddings) {
            pending[place.input - firstPending].embeddings[place.face] = embedding
            pending[place.input - firstPending].missing -= 1
        }
    }

    /// Takes the results that are ready, in the inputs' order.
    mutating func takeResults() -> [InputResult] {
        let ready = pending.prefix { $0.missing == 0 }
        pending.removeFirst(ready.count)
        firstPending += ready.count
        return ready.map { Self.result(of: $0.input, embeddings: $0.embeddings) }
    }

    private mutating func takeBatch() -> Batch {
        let places = Array(waiting.prefix(limits.batchSize))
        waiting.removeFirst(places.count)
        batches[batchCount] = places
        batchCount += 1
        let faces = places.map { pending[$0.input - firstPending].input.faces[$0.face] }
        return Batch(number: batchCount - 1, faces: faces)
    }

    private static func result(of input: PreparedInput, embeddings: [FaceEmbedding?]) -> InputResult {
        var faces: [EmbeddedFace] = []
        var failures = input.failures
        for (number, (face, embedding)) in zip(input.faces, embeddings).enumerated() {
            if let embedding, embedding.norm.isFinite, embedding.norm > 0 {
                faces.append(
                    EmbeddedFace(
                        box: face.box, landmarks: face.landmarks, score: face.score, norm: embedding.norm,
                        embedding: embedding.vector, crop: face.pixels))
            } else {
                let message = "\(input.image): face \(number): \(NotFiniteAdvice.what) (\(NotFiniteAdvice.mend))"
                failures.append(InputFailure(code: "notFinite", message: message))
            }
        }
        return InputResult(
            index: input.index, image: input.image, size: input.size, faces: faces, failures: failures)
    }
}

/// Counts what a job has done.
struct JobTally {
    let total: Int
    private(set) var done: Int
    private(set) var faces = 0
    private(set) var failed = 0
    private let alreadyDone: Int
    private let start = ContinuousClock.now

    init(total: Int, alreadyDone: Int) {
        self.total = total
        self.alreadyDone = alreadyDone
        done = alreadyDone
    }

    var elapsed: Duration { ContinuousClock.now - start }

    /// Counts further results and says how far the job is.
    mutating func count(_ results: [InputResult], problems: [String]) -> EmbedJob.Progress {
        done += results.count
        faces += results.reduce(0) { $0 + $1.faces.count }
        failed += problems.count + results.count { !$0.failures.isEmpty }
        return EmbedJob.Progress(
            done: done, total: total, doneNow: done - alreadyDone, faces: faces, failed: failed, elapsed: elapsed,
            newFailures: problems + results.flatMap { $0.failures.map(\.message) },
            newRows: results.flatMap { result in
                result.faces.map {
                    EmbedJob.Row(
                        image: result.image, box: $0.box, score: $0.score, norm: $0.norm, embedding: $0.embedding)
                }
            })
    }
}

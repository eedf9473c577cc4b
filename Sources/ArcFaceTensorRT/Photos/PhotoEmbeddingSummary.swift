/// What a job that wrote its embeddings to a file came to.
public struct PhotoEmbeddingSummary: Sendable {
    /// The file.
    public let output: String
    /// Photos in all.
    public let photos: Int
    /// Faces that were embedded by this run.
    public let faces: Int
    /// Photos that failed, wholly or in part; the `.jsonl` beside the output says why.
    public let failed: Int
    /// How long it took.
    public let elapsed: Duration
    /// Faces that each backend embedded: two backends, where an engine took over that was built meanwhile.
    public let facesByBackend: [String: Int]
    /// What ran where, at the end.
    public let information: EmbedderInformation
    /// What wasn't as it was asked for.
    public let warnings: [String]

    init(_ summary: EmbedJob.Summary, warnings: [String]) {
        output = summary.output
        photos = summary.inputs
        faces = summary.faces
        failed = summary.failed
        elapsed = summary.elapsed
        facesByBackend = Dictionary(summary.backends.map { ($0.backend, $0.faces) }, uniquingKeysWith: +)
        information = summary.information
        self.warnings = warnings
    }
}

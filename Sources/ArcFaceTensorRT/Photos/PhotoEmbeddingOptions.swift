/// How the faces of photos are found and embedded, besides what the configuration says.
public struct PhotoEmbeddingOptions: Sendable {
    /// Whether the photos are 112×112 crops that are aligned already.
    public var aligned: Bool
    /// Whether only the largest face of each photo is taken.
    public var largestOnly: Bool
    /// A file of landmarks to be used in place of the detector's: JSON Lines, or `path x1 y1 … x5 y5`.
    public var landmarksPath: String?
    /// Faces a batch, 1 or more.
    public var batchSize: Int

    /// Makes the options; what isn't given has its default.
    public init(aligned: Bool = false, largestOnly: Bool = false, landmarksPath: String? = nil, batchSize: Int = 8) {
        self.aligned = aligned
        self.largestOnly = largestOnly
        self.landmarksPath = landmarksPath
        self.batchSize = batchSize
    }

    /// The same as a job takes it.
    ///
    /// - Throws: `ArcFaceError` for a batch that makes no sense.
    func job(_ paths: [String], output: String, resume: Bool) throws(ArcFaceError) -> EmbedJob.Options {
        guard (1...4096).contains(batchSize) else {
            throw ArcFaceError(.configuration, "\(batchSize) faces are no batch", mend: "take 1 to 4096")
        }
        return EmbedJob.Options(
            paths: paths, output: output, aligned: aligned, largestOnly: largestOnly, landmarksPath: landmarksPath,
            batchSize: batchSize, resume: resume)
    }
}

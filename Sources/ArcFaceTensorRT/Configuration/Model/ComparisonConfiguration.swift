public import Evaluation

/// `comparison`: when the embeddings of an engine count as the same as those of the reference.
public struct ComparisonConfiguration: Sendable, Equatable {
    /// The six thresholds under `comparison`, for fp32 and fp16 engines.
    public var floatingPoint: ComparisonThresholds
    /// The six thresholds under `comparison.int8`. They are wider: an L2 distance of 0.05 means a cosine of 0.99875,
    /// which 8-bit engines don't reach.
    public var int8: ComparisonThresholds
    /// `comparison.n_samples`: how many faces are compared, 1 to 1000000.
    public var sampleCount: Int
    /// `comparison.faces`: the photos or aligned faces that are compared, a folder or list file; nil varies the six faces of
    /// the demo.
    public var faces: String?

    /// Makes the settings; what isn't given has its default.
    public init(
        floatingPoint: ComparisonThresholds = .standard, int8: ComparisonThresholds = .int8,
        sampleCount: Int = 100, faces: String? = nil
    ) {
        self.floatingPoint = floatingPoint
        self.int8 = int8
        self.sampleCount = sampleCount
        self.faces = faces
    }

    /// The thresholds that engines of `precision` are held to.
    public func thresholds(for precision: Precision) -> ComparisonThresholds {
        precision == .int8 ? int8 : floatingPoint
    }
}

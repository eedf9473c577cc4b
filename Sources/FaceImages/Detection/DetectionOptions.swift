/// What counts as a face, and how large a photo the detector looks at.
public struct DetectionOptions: Sendable, Hashable, Codable {
    /// The least score of a face, 0…1. Default 0.6.
    public var minScore: Float
    /// Of two boxes that overlap by more than this (intersection over union, 0…1) the one with the lower score is
    /// dropped. Default 0.3.
    public var nmsThreshold: Float
    /// The most candidates, best first, that take part in dropping overlaps. Default 5000.
    public var topK: Int
    /// Photos are searched at their own size up to this longest side in pixels; larger ones are shrunk to it for the
    /// search only. Default 1920.
    public var maxSide: Int

    /// Options with the given values.
    public init(minScore: Float = 0.6, nmsThreshold: Float = 0.3, topK: Int = 5000, maxSide: Int = 1920) {
        self.minScore = minScore
        self.nmsThreshold = nmsThreshold
        self.topK = topK
        self.maxSide = maxSide
    }
}

/// `detection`: the YuNet face detector.
public struct DetectionConfiguration: Sendable, Equatable {
    /// `detection.model_path`: the detector's ONNX file, nil where none is set.
    public var modelPath: String?
    /// `detection.min_score`: faces with a lower score are dropped, 0 to 1.
    public var minScore: Double
    /// `detection.nms_threshold`: of two faces whose boxes overlap more than this (intersection over union, 0 to 1),
    /// the one with the lower score is dropped.
    public var nmsThreshold: Double
    /// `detection.max_side`: photos with a longer side are scaled down to it for detection, in pixels, 32 to 16384.
    /// Faces are still cut out of the full-size photo.
    public var maxSide: Int
    /// `detection.top_k`: how many of the best candidates go into non-maximum suppression, 1 to 100000.
    public var topK: Int

    /// Makes the settings; what isn't given has its default.
    public init(
        modelPath: String? = nil, minScore: Double = 0.6, nmsThreshold: Double = 0.3, maxSide: Int = 1920,
        topK: Int = 5000
    ) {
        self.modelPath = modelPath
        self.minScore = minScore
        self.nmsThreshold = nmsThreshold
        self.maxSide = maxSide
        self.topK = topK
    }
}

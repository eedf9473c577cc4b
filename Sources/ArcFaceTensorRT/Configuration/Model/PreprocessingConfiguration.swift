public import ONNXModel

/// `preprocessing`: how a model wants its pixels, `(pixel − mean) / scale` on pixels of 0…255.
///
/// A value that is nil is detected: read from the model's graph where it normalises by itself, otherwise what ArcFace
/// models expect (RGB, mean 127.5, scale 127.5).
public struct PreprocessingConfiguration: Sendable, Equatable {
    /// `preprocessing.color`: the order of the colour planes.
    public var color: Preprocessing.ColorOrder?
    /// `preprocessing.mean`: what is subtracted from each pixel, 0 to 255.
    public var mean: Double?
    /// `preprocessing.scale`: what each pixel is divided by after that, above 0 and at most 1000.
    public var scale: Double?

    /// True if nothing is set, so that all of it is detected.
    public var isDetected: Bool { color == nil && mean == nil && scale == nil }

    /// Makes the settings; what isn't given is detected.
    public init(color: Preprocessing.ColorOrder? = nil, mean: Double? = nil, scale: Double? = nil) {
        self.color = color
        self.mean = mean
        self.scale = scale
    }
}

/// The order of the colour planes that a model was trained on.
public enum ColorOrder: String, Sendable, CaseIterable {
    /// Red first.
    case rgb
    /// Blue first, as OpenCV decodes images.
    case bgr
}

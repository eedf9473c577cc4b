/// How pixels become a network's input: `(x − mean) / scale` for each channel on 0…255, channels in `color` order.
public struct Preprocessing: Sendable, Equatable, Codable {
    /// The order in which a network was trained to see a pixel's channels.
    public enum ColorOrder: String, Sendable, Codable, CaseIterable {
        /// Red, green, blue.
        case rgb
        /// Blue, green, red.
        case bgr
    }

    /// The channel order.
    public var color: ColorOrder
    /// Subtracted from each pixel value, on 0…255.
    public var mean: Float
    /// Divides what is left; not 0.
    public var scale: Float

    /// Creates a preprocessing; the defaults are those of ArcFace: RGB, −1…1.
    ///
    /// - Parameters:
    ///   - color: the channel order.
    ///   - mean: subtracted from each pixel value, on 0…255.
    ///   - scale: divides what is left; finite and not 0.
    public init(color: ColorOrder = .rgb, mean: Float = 127.5, scale: Float = 127.5) {
        self.color = color
        self.mean = mean
        self.scale = scale
    }
}

extension Preprocessing: CustomStringConvertible {
    /// As people write it: `RGB, (x - 127.5) / 128.0`.
    public var description: String { "\(color.rawValue.uppercased()), (x - \(mean)) / \(scale)" }
}

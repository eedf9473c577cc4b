/// The rectangle around a face, in pixels of the upright photo. It may reach beyond the photo's edges.
public struct FaceBox: Sendable, Hashable, Codable {
    /// Left edge.
    public var x: Double
    /// Top edge.
    public var y: Double
    /// Extent to the right, in pixels.
    public var width: Double
    /// Extent downwards, in pixels.
    public var height: Double

    /// The box with the given top left corner and size.
    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// Area in square pixels.
    public var area: Double { width * height }

    /// This box with coordinates and size multiplied by `x` and `y`.
    package func scaled(x scaleX: Double, y scaleY: Double) -> FaceBox {
        FaceBox(x: x * scaleX, y: y * scaleY, width: width * scaleX, height: height * scaleY)
    }
}

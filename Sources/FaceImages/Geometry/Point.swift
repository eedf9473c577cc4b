/// A point of an image in pixels: x to the right, y down, whole numbers at pixel centres.
public struct Point: Sendable, Hashable, Codable {
    /// Distance from the centre of the leftmost pixels.
    public var x: Double
    /// Distance from the centre of the topmost pixels.
    public var y: Double

    /// The point (`x`, `y`).
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// True if both coordinates are numbers.
    package var isFinite: Bool { x.isFinite && y.isFinite }
}

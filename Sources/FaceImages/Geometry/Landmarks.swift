/// The five points by which faces are aligned, in pixels of the upright photo.
public struct Landmarks: Sendable, Hashable, Codable {
    /// The eye at the image's left: the right eye of a person who faces the camera.
    public var leftEye: Point
    /// The eye at the image's right.
    public var rightEye: Point
    /// The tip of the nose.
    public var nose: Point
    /// The corner of the mouth at the image's left.
    public var leftMouth: Point
    /// The corner of the mouth at the image's right.
    public var rightMouth: Point

    /// Landmarks at the given points.
    public init(leftEye: Point, rightEye: Point, nose: Point, leftMouth: Point, rightMouth: Point) {
        self.leftEye = leftEye
        self.rightEye = rightEye
        self.nose = nose
        self.leftMouth = leftMouth
        self.rightMouth = rightMouth
    }

    /// Landmarks from ten numbers `x1 y1 … x5 y5` in the order eye at image left, eye at image right, nose, mouth at
    /// image left, mouth at image right; nil unless there are ten.
    public init?(coordinates: [Double]) {
        guard coordinates.count == 10 else { return nil }
        let points = (0..<5).map { Point(x: coordinates[2 * $0], y: coordinates[2 * $0 + 1]) }
        self.init(
            leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3], rightMouth: points[4])
    }

    /// The five points: eye at image left, eye at image right, nose, mouth at image left, mouth at image right.
    public var points: [Point] { [leftEye, rightEye, nose, leftMouth, rightMouth] }

    /// Where ArcFace models expect the landmarks in a 112×112 crop. Source: the five reference points with which
    /// InsightFace aligns the training data of its recognition models (`arcface_dst`).
    public static let arcFaceTemplate = Landmarks(
        leftEye: Point(x: 38.2946, y: 51.6963), rightEye: Point(x: 73.5318, y: 51.5014),
        nose: Point(x: 56.0252, y: 71.7366), leftMouth: Point(x: 41.5493, y: 92.3655),
        rightMouth: Point(x: 70.7299, y: 92.2041))

    /// These landmarks with the coordinates multiplied by `x` and `y`.
    package func scaled(x: Double, y: Double) -> Landmarks {
        func scale(_ point: Point) -> Point { Point(x: point.x * x, y: point.y * y) }
        return Landmarks(
            leftEye: scale(leftEye), rightEye: scale(rightEye), nose: scale(nose), leftMouth: scale(leftMouth),
            rightMouth: scale(rightMouth))
    }
}

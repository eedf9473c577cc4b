/// A face that a detector found in a photo.
public struct DetectedFace: Sendable, Hashable, Codable {
    /// Where the face is.
    public var box: FaceBox
    /// Its five points.
    public var landmarks: Landmarks
    /// How sure the detector is, 0…1.
    public var score: Float

    /// A face with the given position and score.
    public init(box: FaceBox, landmarks: Landmarks, score: Float) {
        self.box = box
        self.landmarks = landmarks
        self.score = score
    }
}

public import FaceImages

/// What one photo gave.
public struct PhotoEmbeddings: Sendable {
    /// A face that was found and embedded.
    public struct Face: Sendable {
        /// Where it is, in pixels of the upright photo; nil for aligned crops.
        public let box: FaceBox?
        /// The five landmarks that aligned it; nil for aligned crops.
        public let landmarks: Landmarks?
        /// The detector's score, 0…1; nil where no detector ran.
        public let score: Float?
        /// The embedding's length before normalisation; a face-quality signal.
        public let norm: Float
        /// The embedding: D numbers, of unit length.
        public let embedding: [Float]
    }

    /// The photo's path as it was found.
    public let path: String
    /// Its faces, the best detected first; empty if there are none.
    public let faces: [Face]
    /// Why the photo, or one of its faces, gave no embedding: one line each, what and what to do.
    public let failures: [String]

    init(_ result: InputResult) {
        path = result.image
        faces = result.faces.map {
            Face(box: $0.box, landmarks: $0.landmarks, score: $0.score, norm: $0.norm, embedding: $0.embedding)
        }
        failures = result.failures.map(\.message)
    }
}

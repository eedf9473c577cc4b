import FaceImages

/// One face of a photo with its embedding.
package struct EmbeddedFace: Sendable {
    /// Where the face is, in pixels of the upright photo; nil for aligned inputs.
    package let box: FaceBox?
    /// The five landmarks that aligned it; nil for aligned inputs.
    package let landmarks: Landmarks?
    /// The detector's score, 0…1; nil where no detector ran.
    package let score: Float?
    /// The embedding's length before normalisation.
    package let norm: Float
    /// The embedding, of unit length.
    package let embedding: [Float]
    /// The aligned crop, a batch of one.
    package let crop: FaceBatch
}

/// Why an input, or one face of it, gave no embedding.
package struct InputFailure: Sendable {
    /// The kind of failure, a stable word for programs.
    package let code: String
    /// One line for people: what, where, mend.
    package let message: String
}

/// All that one input gave.
package struct InputResult: Sendable {
    /// The input's position in the list of inputs.
    package let index: Int
    /// The input's path as it was found.
    package let image: String
    /// The upright photo's width and height in pixels; nil if it couldn't be decoded.
    package let size: PhotoSize?
    package let faces: [EmbeddedFace]
    package let failures: [InputFailure]
}

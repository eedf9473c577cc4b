import FaceImages

/// A face that is ready for the network.
package struct PreparedFace: Sendable {
    package let box: FaceBox?
    package let landmarks: Landmarks?
    package let score: Float?
    /// The aligned crop, a batch of one.
    package let pixels: FaceBatch
}

/// An input after decoding, detection and alignment.
package struct PreparedInput: Sendable {
    package let index: Int
    package let image: String
    package let faces: [PreparedFace]
    package let failures: [InputFailure]
}

/// What the network gave for one face: its raw norm and the unit vector.
package struct FaceEmbedding: Sendable {
    package let norm: Float
    package let vector: [Float]
}

import FaceImages

/// A face that is ready for the network.
package struct PreparedFace: Sendable {
    package let box: FaceBox?
    package let landmarks: Landmarks?
    package let score: Float?
    /// The aligned crop, a batch of one.
    package let pixels: FaceBatch
}

/// Width and height of an upright photo, in pixels.
package struct PhotoSize: Sendable, Equatable {
    package let width: Int
    package let height: Int
}

/// An input after decoding, detection and alignment.
package struct PreparedInput: Sendable {
    package let index: Int
    package let image: String
    /// The upright photo's width and height in pixels; nil if it couldn't be decoded.
    package let size: PhotoSize?
    package let faces: [PreparedFace]
    package let failures: [InputFailure]
}

/// What the network gave for one face: its raw norm and the unit vector.
package struct FaceEmbedding: Sendable {
    package let norm: Float
    package let vector: [Float]
}

import FaceImages

extension FaceBatch {
    /// The same faces, left and right exchanged.
    ///
    /// - Throws: never for faces of a batch; the error is that of appending.
    func mirrored() throws(FaceImageError) -> FaceBatch {
        var result = FaceBatch(capacity: count)
        for face in 0..<count {
            try result.appendFace { target in
                pixels.withUnsafeBufferPointer { source in
                    for row in face * Self.side..<(face + 1) * Self.side {
                        for column in 0..<Self.side {
                            let from = (row * Self.side + column) * Self.channels
                            let to = ((row - face * Self.side + 1) * Self.side - 1 - column) * Self.channels
                            for channel in 0..<Self.channels { target[to + channel] = source[from + channel] }
                        }
                    }
                }
            }
        }
        return result
    }
}

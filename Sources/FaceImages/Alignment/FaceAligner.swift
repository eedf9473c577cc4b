import CFaceImages

/// Cuts aligned 112×112 faces out of photos.
package enum FaceAligner {
    /// Writes to `output` (`FaceBatch.bytesPerFace` bytes: 112×112 BGR, row-major) the face whose `landmarks` are
    /// given in pixels of `photo`: turned, scaled and shifted so that they best meet ArcFace's template, sampled
    /// bilinearly, black where the photo ends.
    ///
    /// Throws `.degenerateLandmarks`, and writes nothing then.
    package static func align(
        _ photo: Photo, landmarks: Landmarks, into output: UnsafeMutablePointer<UInt8>
    ) throws(FaceImageError) {
        let transform = try SimilarityTransform.umeyama(from: landmarks, to: .arcFaceTemplate)
        try warp(photo, by: transform, into: output)
    }

    /// Writes to `output` the 112×112 square that `transform` takes `photo` to; see `align`.
    package static func warp(
        _ photo: Photo, by transform: SimilarityTransform, into output: UnsafeMutablePointer<UInt8>
    ) throws(FaceImageError) {
        let back = transform.inverse
        let warped = withUnsafePointer(to: (back.a, -back.b, back.tx, back.b, back.a, back.ty)) { matrix in
            matrix.withMemoryRebound(to: Double.self, capacity: 6) {
                fi_warp_square(photo.image, $0, Int32(FaceBatch.side), output)
            }
        }
        withExtendedLifetime(photo) {}
        guard warped else {
            throw FaceImageError(
                .degenerateLandmarks, what: "the landmarks map the crop far outside the photo",
                mend: "check the landmarks, or let the detector find them")
        }
    }

    /// Writes to `output` a photo that is an aligned face already.
    /// Throws `.wrongSize` unless the photo is 112×112.
    package static func copyAligned(
        _ photo: Photo, into output: UnsafeMutablePointer<UInt8>
    ) throws(FaceImageError) {
        guard photo.hasAlignedSize else {
            throw FaceImageError(
                .wrongSize, what: "the image is \(photo.width)×\(photo.height), where an aligned face is 112×112",
                mend: "give aligned faces, or let faces be detected")
        }
        let denseRow = FaceBatch.side * FaceBatch.channels
        for row in 0..<FaceBatch.side {
            (output + row * denseRow).update(from: photo.pixels + row * photo.rowBytes, count: denseRow)
        }
        withExtendedLifetime(photo) {}
    }
}

extension Photo {
    /// True if the photo has the size of an aligned face, 112×112.
    package var hasAlignedSize: Bool { width == FaceBatch.side && height == FaceBatch.side }
}

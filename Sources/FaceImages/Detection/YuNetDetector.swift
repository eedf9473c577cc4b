import CFaceImages

/// What a detector found in a photo.
package struct Detection: Sendable {
    /// The faces, by descending score, in pixels of the photo.
    package var faces: [DetectedFace]
    /// Why detections were dropped that had a sufficient score; empty as a rule.
    package var dropped: [FaceImageError]
}

/// Finds faces and their landmarks with a YuNet network.
package struct YuNetDetector: Sendable {
    private let network: any FaceDetectorNetwork
    /// What counts as a face.
    package let options: DetectionOptions

    /// A detector that runs `network`.
    package init(network: any FaceDetectorNetwork, options: DetectionOptions = DetectionOptions()) {
        self.network = network
        self.options = options
    }

    /// The faces of `photo`. At the photo's own size the results are those of OpenCV's `FaceDetectorYN`; a photo whose
    /// longest side exceeds `maxSide` is searched in a copy shrunk by area averaging, and coordinates are scaled back.
    ///
    /// Throws `.detectorFailed` or `.outOfMemory`. A photo without faces is no error.
    package func detect(_ photo: Photo) throws(FaceImageError) -> Detection {
        let searched = try photo.shrunk(toLongestSide: max(options.maxSide, 1))
        let candidates = try network.run(NetworkImage(searched)) { (levels) throws(FaceImageError) in
            try collect(levels, width: searched.paddedWidth, height: searched.paddedHeight)
        }
        withExtendedLifetime(searched) {}
        let scaleX = Double(photo.width) / Double(searched.width)
        let scaleY = Double(photo.height) / Double(searched.height)
        var detection = Detection(faces: [], dropped: [])
        if candidates.unusableCells > 0 {
            detection.dropped.append(
                FaceImageError(
                    .detectorFailed, what: "\(candidates.unusableCells) detections hold numbers that are not finite",
                    mend: "check the detector's model"))
        }
        let kept = NonMaximumSuppression.keep(
            candidates.faces, threshold: options.nmsThreshold, topK: options.topK)
        for face in kept {
            let face = DetectedFace(
                box: face.box.scaled(x: scaleX, y: scaleY), landmarks: face.landmarks.scaled(x: scaleX, y: scaleY),
                score: face.score)
            do throws(FaceImageError) {
                _ = try SimilarityTransform.umeyama(from: face.landmarks, to: .arcFaceTemplate)
                detection.faces.append(face)
            } catch {
                detection.dropped.append(error)
            }
        }
        return detection
    }

    private func collect(
        _ levels: [YuNetLevel], width: Int, height: Int
    ) throws(FaceImageError) -> FaceCandidates {
        guard levels.map(\.stride).sorted() == [8, 16, 32] else {
            throw FaceImageError(
                .detectorFailed, what: "the detector gave outputs for strides \(levels.map(\.stride).sorted())",
                mend: "use a YuNet model with outputs for strides 8, 16 and 32")
        }
        var candidates = FaceCandidates()
        // Fine strides first: the order decides between equal scores.
        for level in levels.sorted(by: { $0.stride < $1.stride }) {
            try level.checkShape(width: width, height: height)
            level.appendFaces(to: &candidates, columns: width / level.stride, minScore: options.minScore)
        }
        return candidates
    }
}

import FaceImages

/// Turns one input after another into aligned faces: decode, detect, align. Each worker has its own, with its own decoder.
final class PhotoPreparer: EmbeddingPipeline.Preparer {
    /// How faces come out of photos.
    struct Settings: Sendable {
        /// Where faces are.
        enum Source: Sendable {
            /// The photo is the crop.
            case aligned
            /// A photo of a crop's size is the crop; in others the network tells.
            case cropsOrPhotos(DetectorOnDemand)
            /// A file tells.
            case landmarks(LandmarksFile)
            /// The network tells.
            case detector(YuNetDetector)
        }

        let inputs: PhotoList
        let source: Source
        let selection: FaceSelection
        let limits: DecodeLimits
    }

    private let settings: Settings
    private var decoder: PhotoDecoder?

    init(_ settings: Settings) {
        self.settings = settings
    }

    func prepare(input index: Int) -> PreparedInput {
        let path = settings.inputs[index]
        var faces: [PreparedFace] = []
        var failures: [InputFailure] = []
        var size: PhotoSize?
        do throws(FaceImageError) {
            let photo = try decodePhoto(path)
            size = PhotoSize(width: photo.width, height: photo.height)
            try append(photo, path: path, to: &faces, failures: &failures)
        } catch {
            failures.append(InputFailure(error.at(path)))
        }
        return PreparedInput(
            index: index, image: path.description, size: size, faces: faces, failures: failures)
    }

    private func decodePhoto(_ path: PhotoPath) throws(FaceImageError) -> Photo {
        let decoder: PhotoDecoder
        if let existing = self.decoder {
            decoder = existing
        } else {
            decoder = try PhotoDecoder()
            self.decoder = decoder
        }
        return try decoder.decode(path: path, limits: settings.limits)
    }

    private func append(
        _ photo: Photo, path: PhotoPath, to faces: inout [PreparedFace], failures: inout [InputFailure]
    ) throws(FaceImageError) {
        switch settings.source {
        case .aligned:
            faces.append(try Self.crop(photo))
        case .cropsOrPhotos where photo.hasAlignedSize:
            faces.append(try Self.crop(photo))
        case .cropsOrPhotos(let onDemand):
            let detector: YuNetDetector
            do throws(ArcFaceError) {
                detector = try onDemand.detector()
            } catch {
                throw FaceImageError(.detectorFailed, what: error.what, mend: error.mend ?? "run doctor")
            }
            try append(photo, path: path, detector: detector, to: &faces, failures: &failures)
        case .landmarks(let file):
            let known = file.faces(of: path)
            if known.isEmpty {
                throw FaceImageError(
                    .noFace, what: "the landmarks file names no face for this photo",
                    mend: "add a line, or leave the photo out")
            }
            for landmarks in known {
                do throws(FaceImageError) {
                    faces.append(try prepared(photo, landmarks: landmarks, box: nil, score: nil))
                } catch {
                    failures.append(InputFailure(error.at(path)))
                }
            }
        case .detector(let detector):
            try append(photo, path: path, detector: detector, to: &faces, failures: &failures)
        }
    }

    private func append(
        _ photo: Photo, path: PhotoPath, detector: YuNetDetector, to faces: inout [PreparedFace],
        failures: inout [InputFailure]
    ) throws(FaceImageError) {
        let detection = try detector.detect(photo)
        for face in settings.selection(detection.faces) {
            faces.append(try prepared(photo, landmarks: face.landmarks, box: face.box, score: face.score))
        }
        failures += detection.dropped.map { InputFailure($0.at(path)) }
        if faces.isEmpty, failures.isEmpty {
            throw FaceImageError.noFace(minScore: detector.options.minScore)
        }
    }

    private static func crop(_ photo: Photo) throws(FaceImageError) -> PreparedFace {
        let pixels = try FaceBatch.one { (pixels) throws(FaceImageError) in
            try FaceAligner.copyAligned(photo, into: pixels)
        }
        return PreparedFace(box: nil, landmarks: nil, score: nil, pixels: pixels)
    }

    private func prepared(
        _ photo: Photo, landmarks: Landmarks, box: FaceBox?, score: Float?
    ) throws(FaceImageError) -> PreparedFace {
        let crop = try FaceBatch.one { (pixels) throws(FaceImageError) in
            try FaceAligner.align(photo, landmarks: landmarks, into: pixels)
        }
        return PreparedFace(box: box, landmarks: landmarks, score: score, pixels: crop)
    }
}

extension FaceBatch {
    /// A batch of the one face that `fill` writes.
    fileprivate static func one(
        _ fill: (UnsafeMutablePointer<UInt8>) throws(FaceImageError) -> Void
    ) throws(FaceImageError) -> FaceBatch {
        var batch = FaceBatch(capacity: 1)
        try batch.appendFace(fill)
        return batch
    }
}

extension InputFailure {
    init(_ error: FaceImageError) {
        self.init(code: error.code.rawValue, message: error.description)
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Faces before overlaps are dropped, and how many cells could not be used.
struct FaceCandidates {
    /// Candidates with a sufficient score and finite numbers.
    var faces: [DetectedFace] = []
    /// Cells with NaN or infinity in a score, or in the box or landmarks of what would be a face.
    var unusableCells = 0
}

extension YuNetLevel {
    /// Throws `.detectorFailed` unless the outputs have the shapes that an image of `width`×`height` pixels asks for.
    func checkShape(width: Int, height: Int) throws(FaceImageError) {
        let cells = stride > 0 ? (width / stride) * (height / stride) : -1
        guard classScores.count == cells, objectScores.count == cells, boxes.count == cells * 4,
            landmarks.count == cells * 10
        else {
            throw FaceImageError(
                .detectorFailed,
                what: "the detector's outputs for stride \(stride) do not fit an image of \(width)×\(height)",
                mend: "use a YuNet model with outputs cls, obj, bbox and kps for strides 8, 16 and 32")
        }
    }

    /// Appends the faces of this level, in pixels of the network's image.
    ///
    /// The score is √(cls · obj), each cut to 0…1. The centre is (cell + offset) · stride, the size exp(value) · stride,
    /// a landmark (cell + offset) · stride; all in float32, as OpenCV's `FaceDetectorYN` computes them.
    func appendFaces(to candidates: inout FaceCandidates, columns: Int, minScore: Float) {
        guard columns > 0, let classes = classScores.baseAddress, let objects = objectScores.baseAddress,
            let boxes = boxes.baseAddress, let landmarks = landmarks.baseAddress
        else { return }
        // Most cells fail by far; a product spares them the root. The margin keeps rounding out of it.
        let leastProduct = minScore * minScore * 0.999
        for cell in 0..<classScores.count {
            let product = min(max(classes[cell], 0), 1) * min(max(objects[cell], 0), 1)
            if product < leastProduct { continue }
            guard (classes[cell] + objects[cell]).isFinite else {
                candidates.unusableCells += 1
                continue
            }
            let score = product.squareRoot()
            guard score >= minScore else { continue }
            let position = (column: Float(cell % columns), row: Float(cell / columns))
            if let face = face(at: position, box: boxes + cell * 4, points: landmarks + cell * 10, score: score) {
                candidates.faces.append(face)
            } else {
                candidates.unusableCells += 1
            }
        }
    }

    private func face(
        at position: (column: Float, row: Float), box: UnsafePointer<Float>, points: UnsafePointer<Float>, score: Float
    ) -> DetectedFace? {
        let pixels = Float(stride)
        let width = expf(box[2]) * pixels, height = expf(box[3]) * pixels
        let left = (position.column + box[0]) * pixels - width / 2
        let top = (position.row + box[1]) * pixels - height / 2
        var coordinates: [Double] = []
        coordinates.reserveCapacity(10)
        for index in 0..<5 {
            coordinates.append(Double((points[2 * index] + position.column) * pixels))
            coordinates.append(Double((points[2 * index + 1] + position.row) * pixels))
        }
        guard [left, top, width, height].allSatisfy(\.isFinite), coordinates.allSatisfy(\.isFinite),
            let landmarks = Landmarks(coordinates: coordinates)
        else { return nil }
        let box = FaceBox(x: Double(left), y: Double(top), width: Double(width), height: Double(height))
        return DetectedFace(box: box, landmarks: landmarks, score: score)
    }
}

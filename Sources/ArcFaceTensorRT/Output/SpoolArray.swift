import FaceImages

/// The arrays of an output, one row a face. Raw values are their names in the archive.
enum SpoolArray: String, CaseIterable {
    case embeddings, norms, boxes, landmarks, scores
    case imageIndex = "image_index"

    /// The arrays that a format keeps.
    static func stored(by format: OutputFormat) -> [SpoolArray] {
        switch format {
        case .npz: allCases
        case .npy: [.embeddings]
        case .jsonl: []
        }
    }

    /// The array's dimensions after the first.
    func rowShape(width: Int) -> [Int] {
        switch self {
        case .embeddings: [width]
        case .boxes: [4]
        case .landmarks: [5, 2]
        case .norms, .scores, .imageIndex: []
        }
    }

    /// NumPy's name of the element type.
    var numpyType: String {
        self == .imageIndex ? "<i8" : "<f4"
    }

    func bytesPerRow(width: Int) -> Int {
        rowShape(width: width).reduce(1, *) * (self == .imageIndex ? 8 : 4)
    }

    /// Writes a face's row; what wasn't measured (the box of an aligned input) is NaN.
    func write(_ face: EmbeddedFace, imageIndex: Int, to file: FileWriter) throws(ArcFaceError) {
        switch self {
        case .embeddings: try file.write(values: face.embedding)
        case .norms: try file.write(values: [face.norm])
        case .boxes:
            let box = face.box.map { [$0.x, $0.y, $0.width, $0.height].map { Float($0) } }
            try file.write(values: box ?? Array(repeating: Float.nan, count: 4))
        case .landmarks:
            let points = face.landmarks.map { $0.points.flatMap { [Float($0.x), Float($0.y)] } }
            try file.write(values: points ?? Array(repeating: Float.nan, count: 10))
        case .scores: try file.write(values: [face.score ?? .nan])
        case .imageIndex: try file.write(values: [Int64(imageIndex)])
        }
    }
}

/// Why a photo, a list of photos or a face could not be used, with what to do about it.
///
/// `description` is always one line: where, what, mend.
public struct FaceImageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, stable enough to be counted and written into reports.
    public enum Code: String, Sendable, Codable {
        /// A file or folder does not exist.
        case notFound
        /// A file or folder exists but cannot be read (permissions, a device, an I/O error).
        case unreadable
        /// A file holds no bytes.
        case empty
        /// The bytes are no JPEG or PNG, or a kind of them that this package does not decode.
        case unsupportedFormat
        /// The file ends before the image does.
        case truncated
        /// The file's content contradicts its format or its checksums.
        case corrupt
        /// The image or file is larger than the limits allow.
        case tooLarge
        /// Memory for the image could not be had.
        case outOfMemory
        /// No face was found in a photo.
        case noFace
        /// Five landmarks do not define a similarity transform.
        case degenerateLandmarks
        /// The detector's network failed or gave output of the wrong shape.
        case detectorFailed
        /// A buffer or an image does not have the size that aligned faces have.
        case wrongSize
        /// A folder or list holds no photos.
        case noPhotos
        /// A line of a list or landmarks file cannot be understood.
        case malformed
    }

    /// The kind of failure.
    public var code: Code
    /// What happened, as a clause without a full stop.
    public var what: String
    /// The file concerned, if known. Bytes that are no UTF-8 appear as U+FFFD.
    public var path: String?
    /// The line of `path` concerned, counted from 1.
    public var line: Int?
    /// What the user can do about it, as a clause without a full stop.
    public var mend: String

    /// An error of kind `code`; see the properties for the meaning of each part.
    public init(_ code: Code, what: String, path: String? = nil, line: Int? = nil, mend: String) {
        self.code = code
        self.what = what
        self.path = path
        self.line = line
        self.mend = mend
    }

    /// One line: `path:line: what; mend`. Control characters, which file names may hold, are escaped.
    public var description: String {
        var text = ""
        if let path {
            text += path
            if let line { text += ":\(line)" }
            text += ": "
        }
        text += "\(what); \(mend)"
        guard text.unicodeScalars.contains(where: Self.breaksLine) else { return text }
        return text.unicodeScalars.reduce(into: "") { line, scalar in
            line += Self.breaksLine(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
        }
    }

    private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    /// This error with the file that it concerns, unless one is named already.
    package func at(_ path: PhotoPath) -> FaceImageError {
        var error = self
        error.path = error.path ?? path.description
        return error
    }

    /// The error of a photo in which the detector found nothing.
    package static func noFace(minScore: Float) -> FaceImageError {
        FaceImageError(
            .noFace, what: "no face found with a score of at least \(minScore)",
            mend: "lower the least score, or leave the photo out")
    }
}

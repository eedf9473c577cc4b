/// Turns JPEG and PNG files into upright BGR photos.
///
/// A decoder keeps its native handle and its file buffer from photo to photo: one per worker thread.
package final class PhotoDecoder {
    private let jpeg: JPEGDecoder
    private var file = FileBuffer()

    /// A decoder. Throws `.outOfMemory` if the native library gives none.
    package init() throws(FaceImageError) {
        jpeg = try JPEGDecoder()
    }

    /// Decodes the file at `path`. The error names the path.
    package func decode(path: PhotoPath, limits: DecodeLimits = DecodeLimits()) throws(FaceImageError) -> Photo {
        do {
            return try file.withContents(of: path, maxBytes: limits.maxFileBytes) { (bytes) throws(FaceImageError) in
                try self.decode(bytes: bytes, limits: limits)
            }
        } catch {
            throw error.at(path)
        }
    }

    /// Decodes the content of a JPEG or PNG file, told apart by their first bytes. EXIF orientation is applied, alpha
    /// dropped, gray replicated, 16 bits cut to 8.
    ///
    /// Throws `.empty`, `.unsupportedFormat`, `.truncated`, `.corrupt`, `.tooLarge` (from the header, before memory is
    /// taken) or `.outOfMemory`.
    package func decode(
        bytes: UnsafeRawBufferPointer, limits: DecodeLimits = DecodeLimits()
    ) throws(FaceImageError) -> Photo {
        guard !bytes.isEmpty else {
            throw FaceImageError(.empty, what: "the file is empty", mend: "copy the file again")
        }
        switch PhotoFormat(bytes) {
        case .jpeg:
            return try jpeg.decode(bytes, limits: limits)
        case .png:
            return try PNGDecoder.decode(bytes, limits: limits)
        case .unsupported(let name):
            throw FaceImageError(
                .unsupportedFormat, what: "a \(name) file, which is not supported", mend: "convert it to JPEG or PNG")
        case .unknown:
            throw FaceImageError(
                .unsupportedFormat, what: "neither JPEG nor PNG, whatever its name says",
                mend: "convert it to JPEG or PNG, or leave it out")
        }
    }
}

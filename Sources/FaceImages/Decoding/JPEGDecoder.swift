import CFaceImages
import CTurboJPEG

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A TurboJPEG decompressor, kept from photo to photo. Gives the pixels that libjpeg's defaults give: the accurate
/// integer DCT and smooth ("fancy") chroma upsampling.
struct JPEGDecoder: ~Copyable {
    private let handle: tjhandle

    init() throws(FaceImageError) {
        guard let handle = tjInitDecompress() else {
            throw FaceImageError(
                .outOfMemory, what: "TurboJPEG gave no decompressor", mend: "free memory or use fewer threads")
        }
        self.handle = handle
    }

    deinit {
        tjDestroy(handle)
    }

    /// Decodes a whole JPEG file, upright.
    func decode(_ bytes: UnsafeRawBufferPointer, limits: DecodeLimits) throws(FaceImageError) -> Photo {
        let markers = JPEGMarkers(bytes)
        if let size = markers.size { try limits.check(width: size.width, height: size.height) }
        let (width, height, colours) = try readHeader(bytes)
        try limits.check(width: width, height: height)

        let photo: Photo
        if colours == TJCS_CMYK.rawValue || colours == TJCS_YCCK.rawValue {
            photo = try decodeInk(bytes, width: width, height: height, markers: markers)
        } else {
            photo = try Photo(width: width, height: height) { (pixels, rowBytes) throws(FaceImageError) in
                try decompress(
                    bytes, into: pixels, width: width, height: height, rowBytes: rowBytes, format: TJPF_BGR,
                    markers: markers)
            }
        }
        return try photo.upright(from: markers.orientation)
    }

    private func readHeader(
        _ bytes: UnsafeRawBufferPointer
    ) throws(FaceImageError) -> (width: Int, height: Int, colours: UInt32) {
        var width: Int32 = 0, height: Int32 = 0, subsampling: Int32 = -1, colours: Int32 = -1
        let status = tjDecompressHeader3(
            handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), &width, &height, &subsampling,
            &colours)
        // TurboJPEG reports rare chroma layouts as a failure, though it decodes them; the rest is filled in then.
        guard status == 0 || (width > 0 && height > 0 && colours >= 0) else { throw failure(lastMessage) }
        return (Int(width), Int(height), UInt32(bitPattern: colours))
    }

    /// CMYK and YCCK: TurboJPEG gives ink values only, so a second pass turns them into light.
    private func decodeInk(
        _ bytes: UnsafeRawBufferPointer, width: Int, height: Int, markers: JPEGMarkers
    ) throws(FaceImageError) -> Photo {
        guard let ink = malloc(width * height * 4)?.bindMemory(to: UInt8.self, capacity: width * height * 4) else {
            throw FaceImageError(
                .outOfMemory, what: "no memory for \(width * height * 4) bytes of CMYK pixels",
                mend: "lower the limit on pixels or use fewer threads")
        }
        defer { free(ink) }
        let warnings = try decompress(
            bytes, into: ink, width: width, height: height, rowBytes: width * 4, format: TJPF_CMYK, markers: markers)
        return try Photo(width: width, height: height) { (pixels, rowBytes) in
            for row in 0..<height {
                fi_cmyk_to_bgr(ink + row * width * 4, width, markers.hasAdobeSegment, pixels + row * rowBytes)
            }
            return warnings
        }
    }

    /// Decodes into `pixels`; returns the warnings that leave the pixels whole, and throws on all others.
    private func decompress(
        _ bytes: UnsafeRawBufferPointer, into pixels: UnsafeMutablePointer<UInt8>, width: Int, height: Int,
        rowBytes: Int, format: TJPF, markers: JPEGMarkers
    ) throws(FaceImageError) -> [String] {
        func run(_ flags: Int32) -> Bool {
            tjDecompress2(
                handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), pixels, Int32(width),
                Int32(rowBytes), Int32(height), Int32(format.rawValue), flags) == 0
        }
        // Stopping at the first warning spares the work of filling a cut-off image with gray.
        if run(TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING) { return [] }
        let warning = lastMessage
        guard tjGetErrorCode(handle) == TJERR_WARNING.rawValue, Self.leavesPixelsWhole(warning) else {
            throw failure(warning)
        }
        // TurboJPEG keeps the first warning only, so a file cut off behind it must be noticed otherwise.
        guard markers.endsProperly(bytes) else { throw failure("premature end of JPEG file") }
        if !run(TJFLAG_LIMITSCANS) && tjGetErrorCode(handle) != TJERR_WARNING.rawValue { throw failure(lastMessage) }
        return [warning]
    }

    private var lastMessage: String {
        tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error"
    }

    /// Warnings about data that no pixel depends on.
    private static func leavesPixelsWhole(_ warning: String) -> Bool {
        let harmless = [
            "extraneous bytes before marker", "unknown JFIF revision", "Unknown Adobe color transform",
            "Inconsistent progression sequence", "Invalid SOS parameters",
        ]
        return harmless.contains { warning.contains($0) }
    }

    private func failure(_ message: String) -> FaceImageError {
        let again = "copy or export the file again"
        if message.lowercased().contains("premature end of jpeg file") {
            return FaceImageError(.truncated, what: "the JPEG ends before its image does", mend: again)
        }
        if message.contains("more than 500 scans") {
            return FaceImageError(.tooLarge, what: "the progressive JPEG has more than 500 scans", mend: again)
        }
        if message.contains("Unsupported") || message.contains("Could not determine") {
            return FaceImageError(
                .unsupportedFormat, what: "a kind of JPEG that TurboJPEG does not decode (\(message))",
                mend: "convert it to a baseline or progressive JPEG of 8 bits")
        }
        return FaceImageError(.corrupt, what: "damaged JPEG (\(message))", mend: again)
    }
}

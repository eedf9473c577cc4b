import CFaceImages
import CSPNG

/// One PNG being decoded by libspng. Contexts are good for one image only.
struct PNGDecoder: ~Copyable {
    private let context: OpaquePointer

    /// The most bytes that one text, profile or unknown chunk may expand to; none of them matters here.
    private static let chunkLimit = 16 << 20

    private init() throws(FaceImageError) {
        guard let context = spng_ctx_new(0) else {
            throw FaceImageError(
                .outOfMemory, what: "libspng gave no decoder", mend: "free memory or use fewer threads")
        }
        self.context = context
    }

    deinit {
        spng_ctx_free(context)
    }

    /// Decodes a whole PNG file, upright: gray becomes BGR, 16 bits keep their high byte, alpha is dropped.
    static func decode(_ bytes: UnsafeRawBufferPointer, limits: DecodeLimits) throws(FaceImageError) -> Photo {
        let decoder = try PNGDecoder()
        let context = decoder.context
        try check(spng_set_png_buffer(context, bytes.baseAddress, bytes.count))
        try check(spng_set_chunk_limits(context, chunkLimit, chunkLimit))
        var header = spng_ihdr()
        try check(spng_get_ihdr(context, &header))
        let width = Int(header.width), height = Int(header.height)
        try limits.check(width: width, height: height)

        let interlaced = UInt32(header.interlace_method) == SPNG_INTERLACE_ADAM7.rawValue
        let photo = try Photo(width: width, height: height) { (pixels, rowBytes) throws(FaceImageError) in
            try readRows(
                context, into: pixels, width: width, height: height, rowBytes: rowBytes, interlaced: interlaced)
            // What follows the pixels still tells whether the file is whole, and may hold the orientation.
            try check(spng_decode_chunks(context))
            return []
        }
        return try photo.upright(from: orientation(context))
    }

    private static func readRows(
        _ context: OpaquePointer, into pixels: UnsafeMutablePointer<UInt8>, width: Int, height: Int, rowBytes: Int,
        interlaced: Bool
    ) throws(FaceImageError) {
        let end = SPNG_EOI.rawValue
        try check(
            spng_decode_image(
                context, nil, 0, Int32(bitPattern: SPNG_FMT_RGB8.rawValue),
                Int32(bitPattern: SPNG_DECODE_PROGRESSIVE.rawValue)))
        var row = spng_row_info()
        var status: Int32 = 0
        while status == 0 {
            try check(spng_get_row_info(context, &row))
            let target = pixels + Int(row.row_num) * rowBytes
            status = spng_decode_row(context, target, width * 3)
            if status != end { try check(status) }
            // A row of an interlaced image is complete after the last pass only.
            if !interlaced { fi_swap_red_blue(target, width) }
        }
        if interlaced {
            for row in 0..<height { fi_swap_red_blue(pixels + row * rowBytes, width) }
        }
    }

    private static func orientation(_ context: OpaquePointer) -> ExifOrientation {
        var exif = spng_exif()
        guard spng_get_exif(context, &exif) == 0, let data = exif.data else { return .upright }
        return ExifOrientation(tiff: UnsafeRawBufferPointer(start: data, count: exif.length))
    }

    /// Turns libspng's status into an error in one place.
    private static func check(_ status: Int32) throws(FaceImageError) {
        guard status != 0 else { return }
        let message = String(cString: spng_strerror(status))
        let again = "copy or export the file again"
        switch spng_errno(status) {
        case SPNG_EOF, SPNG_IO_EOF, SPNG_EIDAT_TOO_SHORT:
            throw FaceImageError(.truncated, what: "the PNG ends before its image does", mend: again)
        case SPNG_EMEM:
            throw FaceImageError(
                .outOfMemory, what: "no memory to decode the PNG", mend: "free memory or use fewer threads")
        case SPNG_ECHUNK_LIMITS:
            throw FaceImageError(
                .tooLarge, what: "a chunk of the PNG is larger than \(chunkLimit >> 20) MiB",
                mend: "export the image without its metadata")
        case SPNG_ECHUNK_CRC:
            throw FaceImageError(.corrupt, what: "damaged PNG (a chunk has a bad CRC)", mend: again)
        default:
            throw FaceImageError(.corrupt, what: "damaged PNG (\(message))", mend: again)
        }
    }
}

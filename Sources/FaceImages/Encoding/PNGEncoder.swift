import CSPNG
import Glibc

/// Writes PNG images.
package enum PNGEncoder {
    /// Encodes a dense BGR image, `width * height * 3` bytes, row-major.
    ///
    /// Throws `.wrongSize` if `bgr` has another number of bytes, `.outOfMemory` if the encoder can't be had.
    package static func encode(bgr: [UInt8], width: Int, height: Int) throws(FaceImageError) -> [UInt8] {
        guard width > 0, height > 0, bgr.count == width * height * 3 else {
            throw FaceImageError(
                .wrongSize, what: "\(bgr.count) bytes are no BGR image of \(width)×\(height)",
                mend: "give width × height × 3 bytes")
        }
        guard let context = spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue)) else {
            throw failed(Int32(SPNG_EMEM.rawValue))
        }
        defer { spng_ctx_free(context) }
        var header = spng_ihdr()
        header.width = UInt32(width)
        header.height = UInt32(height)
        header.bit_depth = 8
        header.color_type = UInt8(SPNG_COLOR_TYPE_TRUECOLOR.rawValue)
        try check(spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1))
        try check(spng_set_ihdr(context, &header))
        let rgb = reversingPixels(of: bgr)
        try check(
            spng_encode_image(
                context, rgb, rgb.count, Int32(SPNG_FMT_PNG.rawValue), Int32(SPNG_ENCODE_FINALIZE.rawValue)))
        var count = 0
        var status: Int32 = 0
        guard let buffer = spng_get_png_buffer(context, &count, &status) else { throw failed(status) }
        defer { free(buffer) }
        return Array(UnsafeRawBufferPointer(start: buffer, count: count))
    }

    private static func reversingPixels(of bgr: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bgr.count) { rgb, count in
            bgr.withUnsafeBufferPointer { bgr in
                for pixel in stride(from: 0, to: bgr.count, by: 3) {
                    rgb[pixel] = bgr[pixel + 2]
                    rgb[pixel + 1] = bgr[pixel + 1]
                    rgb[pixel + 2] = bgr[pixel]
                }
            }
            count = bgr.count
        }
    }

    private static func check(_ status: Int32) throws(FaceImageError) {
        if status != 0 { throw failed(status) }
    }

    private static func failed(_ status: Int32) -> FaceImageError {
        FaceImageError(
            .outOfMemory, what: "the PNG can't be encoded: \(String(cString: spng_strerror(status)))",
            mend: "free some memory")
    }
}

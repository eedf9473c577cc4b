import CSPNG
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// PNG files made for tests.
struct PNGFixture {
    var width: Int
    var height: Int
    /// 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha.
    var colourType: UInt8
    var bitDepth: UInt8
    var interlaced = false
    /// RGB of each palette entry.
    var palette: [(UInt8, UInt8, UInt8)] = []
    /// Alpha of the first palette entries.
    var paletteAlpha: [UInt8] = []
    /// An `eXIf` chunk.
    var exif: [UInt8] = []

    /// Samples of a pixel.
    var channels: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colourType] ?? 0 }

    /// Encodes samples, `channels` a pixel, each below 2^bitDepth.
    func encode(_ samples: [UInt16]) throws -> [UInt8] {
        let context = try #require(spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue)))
        defer { spng_ctx_free(context) }
        spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1)
        var header = spng_ihdr(
            width: UInt32(width), height: UInt32(height), bit_depth: bitDepth, color_type: colourType,
            compression_method: 0, filter_method: 0, interlace_method: interlaced ? 1 : 0)
        try #require(spng_set_ihdr(context, &header) == 0)
        if !palette.isEmpty {
            var chunk = spng_plte()
            chunk.n_entries = UInt32(palette.count)
            withUnsafeMutableBytes(of: &chunk.entries) { entries in
                for (index, (red, green, blue)) in palette.enumerated() {
                    entries[index * 4] = red
                    entries[index * 4 + 1] = green
                    entries[index * 4 + 2] = blue
                }
            }
            try #require(spng_set_plte(context, &chunk) == 0)
        }
        if !paletteAlpha.isEmpty {
            var chunk = spng_trns()
            chunk.n_type3_entries = UInt32(paletteAlpha.count)
            withUnsafeMutableBytes(of: &chunk.type3_alpha) { $0.copyBytes(from: paletteAlpha) }
            try #require(spng_set_trns(context, &chunk) == 0)
        }
        if !exif.isEmpty {
            var data = exif.map { CChar(bitPattern: $0) }
            let status = data.withUnsafeMutableBufferPointer { buffer in
                var chunk = spng_exif(length: buffer.count, data: buffer.baseAddress)
                return spng_set_exif(context, &chunk)
            }
            try #require(status == 0)
            return try finish(context, samples, keeping: data)
        }
        return try finish(context, samples, keeping: [])
    }

    private func finish(_ context: OpaquePointer, _ samples: [UInt16], keeping: [CChar]) throws -> [UInt8] {
        let packed = pack(samples)
        let status = spng_encode_image(
            context, packed, packed.count, Int32(SPNG_FMT_PNG.rawValue), Int32(SPNG_ENCODE_FINALIZE.rawValue))
        try #require(status == 0, "\(String(cString: spng_strerror(status)))")
        var size = 0
        var problem: Int32 = 0
        let output = try #require(spng_get_png_buffer(context, &size, &problem))
        defer { free(output) }
        return withExtendedLifetime(keeping) { Array(UnsafeRawBufferPointer(start: output, count: size)) }
    }

    /// Rows as PNG has them before filtering, but with 16-bit samples in the machine's order, as the encoder wants.
    private func pack(_ samples: [UInt16]) -> [UInt8] {
        let perRow = width * channels
        return (0..<height).flatMap { row -> [UInt8] in
            let line = samples[row * perRow..<(row + 1) * perRow]
            switch bitDepth {
            case 16: return line.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            case 8: return line.map { UInt8($0) }
            default:
                var bytes = [UInt8](repeating: 0, count: (perRow * Int(bitDepth) + 7) / 8)
                for (index, sample) in line.enumerated() {
                    let bit = index * Int(bitDepth)
                    bytes[bit / 8] |= UInt8(sample) << UInt8(8 - Int(bitDepth) - bit % 8)
                }
                return bytes
            }
        }
    }

    /// A BGR image as an 8-bit RGB PNG.
    static func encode(_ image: PixelImage, exif: [UInt8] = []) throws -> [UInt8] {
        let samples = stride(from: 0, to: image.bytes.count, by: 3).flatMap { offset in
            [2, 1, 0].map { UInt16(image.bytes[offset + $0]) }
        }
        return try PNGFixture(width: image.width, height: image.height, colourType: 2, bitDepth: 8, exif: exif)
            .encode(samples)
    }

    /// `png` with another size in its header, and the checksum that belongs to it.
    static func resized(_ png: [UInt8], width: UInt32, height: UInt32) -> [UInt8] {
        var png = png
        png.replaceSubrange(16..<24, with: [width, height].flatMap(bigEndian))
        png.replaceSubrange(29..<33, with: bigEndian(checksum(png[12..<29])))
        return png
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(value >> $0 & 255) }
    }

    /// CRC-32 as PNG uses it (ISO 3309).
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}
